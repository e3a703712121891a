/** What a program that searches the same tomograms again keeps in memory, so that a search with other examples takes seconds. */
import { type CorrelationMemory, createCorrelationMemory } from "../../infer/index.js";

/** `await using` it, or dispose of it: it holds networks. */
export interface SearchMemory extends AsyncDisposable {
  /**
   * What was made under this key, or `make`s it. The key has to name all that the value depends on; whoever gets the value must
   * not change it, but for a map made to be filled as things become known.
   */
  recall<Value extends object>(key: string, make: () => Promise<Value>): Promise<Value>;
  /** Disposes of `thing` when the memory ends. */
  hold(thing: AsyncDisposable): void;
  /** @internal Correlations of candidates with references. */
  readonly correlations: CorrelationMemory;
}

/** Values beyond these many are forgotten, oldest first: a dozen a tomogram. */
const MOST_VALUES = 200;

/** An empty memory, for the `memory` of `pick`. */
export function createSearchMemory(): SearchMemory {
  const values = new Map<string, object>();
  const held: AsyncDisposable[] = [];
  return {
    async recall<Value extends object>(key: string, make: () => Promise<Value>) {
      const known = values.get(key) as Value | undefined;
      const value = known ?? (await make());
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= MOST_VALUES) break;
        values.delete(oldest);
      }
      return value;
    },
    hold: (thing) => void held.push(thing),
    correlations: createCorrelationMemory(),
    async [Symbol.asyncDispose]() {
      values.clear();
      for (const thing of held.splice(0)) await thing[Symbol.asyncDispose]();
    },
  };
}

/** As `recall`, where there is a memory. */
export function recalled<Value extends object>(
  memory: SearchMemory | undefined,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  return memory ? memory.recall(key, make) : make();
}
