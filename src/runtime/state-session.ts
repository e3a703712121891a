/** Models that change a state, which stays where they compute: on a graphics processor, it does not cross the bus at every run. */
import { encodeOnnx, op } from "../graph/index.js";
import type { Array32 } from "./array.js";
import { expectSame } from "./device.js";
import {
  arraysOf,
  createSession,
  type OnnxRuntime,
  openModel,
  type RuntimeTensor,
  type SessionOptions,
  tensorsOf,
} from "./session.js";

type Arrays = Readonly<Record<string, Array32>>;

/** A model some of whose outputs are inputs of its next run; `await using` it, or `release` it. */
export interface StateSession extends AsyncDisposable {
  readonly inputNames: readonly string[];
  /**
   * @param inputs the state's as well, or without them: then it is what the run before left
   * @returns the outputs that are not of the state
   * @throws ModelError when ONNX Runtime refuses the inputs.
   */
  run(inputs: Arrays): Promise<Record<string, Array32>>;
  /** Hands out the state, by the names of its inputs; the session has it no longer. */
  takeState(): Promise<Record<string, Array32>>;
  /** Frees the model and the state. */
  release(): Promise<void>;
}

/**
 * Loads a model that changes a state. On another device than the processor, the first answer, state included, is compared with the
 * processor's.
 * @param state the outputs that are the next state, by the names of their inputs
 * @throws ModelError as `createSession`.
 */
export async function createStateSession(
  runtime: OnnxRuntime,
  model: Uint8Array,
  state: Readonly<Record<string, string>>,
  options: SessionOptions = {},
): Promise<StateSession> {
  const { device = "cpu" } = options;
  const [inputs, outputs] = [Object.keys(state), Object.values(state)];
  const session = await openModel(runtime, model, { ...options, kept: outputs });
  const reader = createReader(runtime, options);
  let held: readonly RuntimeTensor[] = [];
  const hold = (tensors: readonly RuntimeTensor[]) => {
    if (device !== "cpu") for (const tensor of held) tensor.dispose();
    held = tensors;
  };
  let isChecked = device === "cpu";
  const release = async () => {
    hold([]);
    await Promise.all([session.release(), reader.release()]);
  };
  return {
    inputNames: session.inputNames,
    async run(given) {
      const before = named(inputs.slice(0, held.length), held);
      const results = await session.run({ ...before, ...tensorsOf(runtime, given) });
      hold(outputs.map((name) => results[name]));
      const others = arraysOf(Object.fromEntries(Object.entries(results).filter(([name]) => !outputs.includes(name))));
      if (!isChecked) {
        await using reference = await createSession(runtime, model, { ...options, device: "cpu" });
        expectSame({ ...others, ...named(outputs, await reader.read(held)) }, await reference.run(given));
        isChecked = true;
      }
      return others;
    },
    async takeState() {
      const arrays = await reader.read(held);
      hold([]);
      return named(inputs, arrays);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

const named = <Value>(names: readonly string[], values: readonly Value[]): Record<string, Value> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]]));

/**
 * Reads tensors wherever they are, of the same shapes each time. From a graphics processor by a graph that hands on what it is given:
 * onnxruntime-node 1.30 cannot read a buffer there by itself without ending the process.
 */
function createReader(runtime: OnnxRuntime, { device, threads }: SessionOptions) {
  let opened: ReturnType<typeof openModel> | undefined;
  return {
    async read(tensors: readonly RuntimeTensor[]): Promise<readonly Array32[]> {
      if (tensors.every(({ location }) => location === "cpu"))
        return tensors.map(({ data, dims }) => ({ data, shape: dims }));
      const [names, copies] = ["", "copy of "].map((kind) => tensors.map((_, i) => `${kind}${i}`));
      const graph = named(
        copies,
        tensors.map(({ dims }, i) => op.input(names[i], dims)),
      );
      opened ??= openModel(runtime, encodeOnnx(graph, { target: "portable" }), { device, threads });
      const read = arraysOf(await (await opened).run(named(names, tensors)));
      return copies.map((name) => read[name]);
    },
    release: async () => (await opened)?.release(),
  };
}
