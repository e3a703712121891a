import {
  averagedMasks,
  type CrfChoice,
  crfParameters,
  type Embedder,
  type RefinedMask,
  type RefineMaskOptions,
  refineMask,
} from "../../infer/index.js";
import { breathe } from "../../progress.js";

/** How masks are refined. */
export interface RefineMasksOptions extends Pick<RefineMaskOptions, "whenFlagged"> {
  readonly crf: CrfChoice;
  /** What the random field takes the boxes to have; the embedder's own unless said otherwise. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Called after each part of a stage with the number of masks done. */
  readonly onProgress?: (stage: "averaging masks over rotations" | "refining masks", done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What refinement did to a particle's mask; a flagged one was left as it was, unless asked for. */
export type MaskRefinement = Omit<RefinedMask, "probability">;

/** Masks of many particles after refinement. */
export interface RefinedMasks {
  /** `[count, edge, edge, edge]`; those given where nothing is refined. */
  readonly masks: Float32Array;
  /** One a mask; empty where nothing is refined. */
  readonly refinements: readonly MaskRefinement[];
}

/**
 * Refines the masks that an embedder predicted of boxes, each by the random field of its own box.
 * @param volumes `[count, edge, edge, edge]`. @param predicted masks of these volumes by the same embedder.
 * @throws AbortError, and as `Embedder.embed`.
 */
export async function refineMasks(
  embedder: Embedder,
  volumes: Float32Array,
  predicted: Float32Array,
  options: RefineMasksOptions,
): Promise<RefinedMasks> {
  const { crf, whenFlagged = "unrefined", onProgress, signal } = options;
  const { edge, voxelSizeAngstrom } = embedder.description;
  const parameters = crfParameters(crf);
  if (parameters === undefined) return { masks: predicted, refinements: [] };
  const starts = await startingMasks(embedder, volumes, predicted, options);
  const field = {
    shape: [edge, edge, edge],
    voxelSizeAngstrom: options.voxelSizeAngstrom ?? voxelSizeAngstrom,
    parameters,
    whenFlagged,
  } as const;
  const voxels = edge ** 3;
  const masks = new Float32Array(predicted.length);
  const refinements: MaskRefinement[] = [];
  for (let from = 0; from < masks.length; from += voxels) {
    const to = from + voxels;
    const { probability, ...refinement } = refineMask(starts.subarray(from, to), volumes.subarray(from, to), field);
    masks.set(probability, from);
    refinements.push(refinement);
    onProgress?.("refining masks", refinements.length);
    if (refinements.length % 8 === 0) await breathe(signal);
  }
  return { masks, refinements };
}

/** What refinement starts from: "fitted" was fitted to masks averaged over the four 180° rotations, the others take masks as predicted. */
export async function startingMasks(
  embedder: Embedder,
  volumes: Float32Array,
  predicted: Float32Array,
  { crf, onProgress, signal }: Pick<RefineMasksOptions, "crf" | "onProgress" | "signal">,
): Promise<Float32Array> {
  if (crf !== "fitted") return predicted;
  return averagedMasks(embedder, volumes, predicted, {
    signal,
    onProgress: (done) => onProgress?.("averaging masks over rotations", done),
  });
}
