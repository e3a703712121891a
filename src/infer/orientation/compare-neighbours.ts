/** How alike boxes are to those nearest to them, each turned onto the other: what tells relatives apart that embeddings do not. */

import type { OnnxRuntime } from "../../runtime/index.js";
import type { OpenAverager } from "./averager.js";
import { type CompareOptions, createOrientationComparer, type OrientationComparerOptions } from "./compare.js";
import { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";

/** Boxes, those that each is compared with, and which these are. */
export interface NeighbourBoxes {
  readonly spectra: Spectra;
  readonly others: Spectra;
  /** `[boxes, neighbours]`: rows of `others`. */
  readonly indices: Int32Array;
}

/** Correlations of boxes with their neighbours, `[boxes, neighbours]`. */
export type CompareNeighbours = (boxes: NeighbourBoxes) => Promise<Float32Array>;

export interface CompareNeighboursOptions extends NeighbourComparerOptions, CompareOptions {}

export type NeighbourComparerOptions = Pick<OrientationComparerOptions, "tiltDegrees" | "threads">;

/** Compares boxes with their neighbours; `await using` it, or dispose of it. */
export interface NeighbourComparer extends AsyncDisposable {
  /**
   * Of the boxes from `from` to `to` alone, `[to - from, neighbours]`: the same numbers as of all together. 32 neighbours cost 0.4 billion
   * multiply-adds a box, in integers of 8 bits (see `OrientationComparer`).
   * @throws ModelError, AbortError.
   */
  compare(from: number, to: number, options?: CompareOptions): Promise<Float32Array>;
}

/** @throws ModelError when ONNX Runtime cannot run the comparison. */
export async function createNeighbourComparer(
  runtime: OnnxRuntime,
  { spectra, others, indices }: NeighbourBoxes,
  { tiltDegrees, threads }: NeighbourComparerOptions,
): Promise<NeighbourComparer> {
  const comparer = await createOrientationComparer(runtime, { tiltDegrees, typical: others, threads });
  const neighbours = (indices.length * SPECTRUM_LENGTH) / spectra.length;
  return {
    compare(from, to, options) {
      const references = spectra.subarray(from * SPECTRUM_LENGTH, to * SPECTRUM_LENGTH);
      const own = indices.subarray(from * neighbours, to * neighbours);
      return comparer.compareOwn({ references, queries: others, indices: own }, options);
    },
    [Symbol.asyncDispose]: () => comparer[Symbol.asyncDispose](),
  };
}

/** The highest correlation of each box, turned, with each of its neighbours: `[boxes, neighbours]`. @throws ModelError, AbortError. */
export async function compareNeighbours(
  runtime: OnnxRuntime,
  boxes: NeighbourBoxes,
  { onProgress, signal, ...options }: CompareNeighboursOptions,
): Promise<Float32Array> {
  await using comparer = await createNeighbourComparer(runtime, boxes, options);
  return await comparer.compare(0, boxes.spectra.length / SPECTRUM_LENGTH, { onProgress, signal });
}

/** Candidates turned onto each other, one by one and in averages. */
export interface Turning {
  readonly compare: CompareNeighbours;
  readonly openAverager: OpenAverager;
}
