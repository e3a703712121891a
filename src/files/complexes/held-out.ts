import type { Complex } from "../../simulate/index.js";
import { type LoadComplexesOptions, loadComplexes } from "./load.js";

/** Which structures a training holds out to validate on, where nothing else is said: every fourth. */
export const HELD_OUT_EVERY = 4;

/** Complexes for training, and those that training never sees. */
export interface ComplexSplit {
  readonly training: Complex[];
  readonly heldOut: Complex[];
}

/**
 * The structures of all folders in order of name, every so many-th of them held out. The same folders give the same split,
 * so that a benchmark can be run on the complexes that a training has not seen.
 * @throws as `loadComplexes`.
 */
export async function splitComplexes(
  folders: readonly string[],
  { every = HELD_OUT_EVERY, ...options }: LoadComplexesOptions & { readonly every?: number | undefined },
): Promise<ComplexSplit> {
  const all: Complex[] = [];
  for (const folder of folders) all.push(...(await loadComplexes(folder, options)));
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const held = (index: number): boolean => index % every === every - 1;
  return {
    training: all.filter((_, index) => !held(index)),
    heldOut: all.filter((_, index) => held(index)),
  };
}
