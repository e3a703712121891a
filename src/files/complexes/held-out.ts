import type { Complex } from "../../simulate/index.js";
import { type LoadComplexesOptions, loadFolders } from "./load.js";

/** A training holds out every fourth structure to validate on, unless it is told otherwise. */
export const HELD_OUT_EVERY = 4;

/** Complexes for training, and those that training never sees. */
export interface ComplexSplit {
  readonly training: Complex[];
  readonly heldOut: Complex[];
}

/**
 * The structures of all folders in order of name, every `every`-th of them held out. The same folders give the same split,
 * so that a benchmark can be run on the complexes that a training has not seen.
 * @throws as `loadComplexes`.
 */
export async function splitComplexes(
  folders: readonly string[],
  { every = HELD_OUT_EVERY, ...options }: LoadComplexesOptions & { readonly every?: number | undefined },
): Promise<ComplexSplit> {
  const all = (await loadFolders(folders, options)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const held = (index: number): boolean => index % every === every - 1;
  return {
    training: all.filter((_, index) => !held(index)),
    heldOut: all.filter((_, index) => held(index)),
  };
}
