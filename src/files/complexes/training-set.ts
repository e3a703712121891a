import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { splitComplexes } from "./held-out.js";
import type { LoadComplexesOptions } from "./load.js";

/** Fewer structures than this are not worth holding out: no 6-way episode could be drawn from them. */
const FEWEST_STRUCTURES = 6;
const PROCEDURAL_VALIDATION_COMPLEXES = 12;

/**
 * A training's structures, and the complexes that it validates on: structures held out, or where they are too few,
 * procedural complexes that training never draws.
 * @throws as `loadComplexes`.
 */
export async function trainingComplexes({
  structureFolders = [],
  validationEvery,
  ...reading
}: LoadComplexesOptions & {
  readonly structureFolders?: readonly string[] | undefined;
  readonly validationEvery?: number | undefined;
}): Promise<{ training: Complex[]; validation: Complex[] }> {
  const split = await splitComplexes(structureFolders, { ...reading, every: validationEvery });
  if (split.heldOut.length >= FEWEST_STRUCTURES) return { training: split.training, validation: split.heldOut };
  const random = createRandom("validation complexes");
  return {
    training: [...split.training, ...split.heldOut].sort((a, b) => (a.name < b.name ? -1 : 1)),
    validation: Array.from({ length: PROCEDURAL_VALIDATION_COMPLEXES }, (_, i) => proceduralComplex(random.fork(i))),
  };
}
