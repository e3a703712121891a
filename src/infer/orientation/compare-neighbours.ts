/** How alike boxes are to those nearest to them, each turned onto the other: what tells relatives apart that embeddings do not. */
import type { OnnxRuntime } from "../../runtime/index.js";
import { createOrientationComparer, type OrientationComparerOptions } from "./compare.js";
import type { Spectra } from "./spectrum.js";

/** Boxes, those that each is compared with, and which these are. */
export interface NeighbourBoxes {
  readonly spectra: Spectra;
  readonly others: Spectra;
  /** `[boxes, neighbours]`: rows of `others`. */
  readonly indices: Int32Array;
}

/** Correlations of boxes with their neighbours, `[boxes, neighbours]`. */
export type CompareNeighbours = (boxes: NeighbourBoxes) => Promise<Float32Array>;

export interface CompareNeighboursOptions extends Pick<OrientationComparerOptions, "tiltDegrees" | "threads"> {
  /** Called with the number of boxes done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The highest correlation of each box, turned, with each of its neighbours: `[boxes, neighbours]`. 32 neighbours cost 0.4 billion
 * multiply-adds a box, in integers of 8 bits (see `OrientationComparer`).
 * @throws ModelError, AbortError.
 */
export async function compareNeighbours(
  runtime: OnnxRuntime,
  { spectra, others, indices }: NeighbourBoxes,
  { tiltDegrees, threads, onProgress, signal }: CompareNeighboursOptions,
): Promise<Float32Array> {
  await using comparer = await createOrientationComparer(runtime, { tiltDegrees, typical: others, threads });
  return await comparer.compareOwn({ references: spectra, queries: others, indices }, { onProgress, signal });
}
