import { type CrfParameters, type RefinedMask, refineMask } from "../infer/index.js";
import { breathe, type Progress } from "./progress.js";

export interface RefineMasksOptions extends Progress {
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Undefined for no refinement. */
  readonly parameters: CrfParameters | undefined;
  /** What becomes of a refinement that changes too much; "unrefined" unless said otherwise. */
  readonly whenFlagged?: "unrefined" | "refined";
  readonly stage?: string;
}

/** What refinement did to each particle's mask; a flagged one was left as it was, unless asked for. */
export type MaskRefinement = Omit<RefinedMask, "probability">;

export interface RefinedMasks {
  /** `[count, edge, edge, edge]`; the ones given, where there is no refinement. */
  readonly masks: Float32Array;
  readonly refinements: readonly MaskRefinement[];
}

/** Refines the masks of many particles, each by the random field of its own box. @throws AbortError. */
export async function refineMasks(
  probabilities: Float32Array,
  volumes: Float32Array,
  options: RefineMasksOptions,
): Promise<RefinedMasks> {
  const { edge, voxelSizeAngstrom, parameters, whenFlagged = "unrefined", onProgress, signal } = options;
  const { stage = "refining masks" } = options;
  if (parameters === undefined) return { masks: probabilities, refinements: [] };
  const voxels = edge ** 3;
  const total = probabilities.length / voxels;
  const masks = new Float32Array(probabilities.length);
  const refinements: MaskRefinement[] = [];
  for (let index = 0; index < total; index++) {
    const [from, to] = [index * voxels, (index + 1) * voxels];
    const { probability, ...refinement } = refineMask(probabilities.subarray(from, to), volumes.subarray(from, to), {
      shape: [edge, edge, edge],
      voxelSizeAngstrom,
      parameters,
      whenFlagged,
    });
    masks.set(probability, from);
    refinements.push(refinement);
    onProgress?.({ stage, done: index + 1, total });
    if (index % 8 === 7) await breathe(signal);
  }
  return { masks, refinements };
}
