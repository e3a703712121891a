import type { Shape3 } from "../../volume/index.js";
import { type CrfParameters, fittedCrf } from "./parameters.js";
import { refineLabels } from "./refine-labels.js";

/** The grid of a mask, and which refinements are not to be trusted. */
export interface RefineMaskOptions {
  readonly shape: Shape3;
  readonly voxelSizeAngstrom: number;
  readonly parameters?: CrfParameters;
  /** Of each voxel to be of a neighbour instead: a third label, for particles that touch. */
  readonly neighbours?: Float32Array | undefined;
  /** A refinement that removes or adds more than these fractions of the mask's voxels is flagged, and not used. */
  readonly highestRemovedShare?: number;
  readonly highestAddedShare?: number;
  /** What becomes of a flagged refinement: "unrefined" gives the probability back unchanged (the default). */
  readonly whenFlagged?: "unrefined" | "refined";
}

/** A refined mask, and what refinement changed. */
export interface RefinedMask {
  readonly probability: Float32Array;
  /** Voxels above one half. */
  readonly voxelsBefore: number;
  /** After refinement, used or not. */
  readonly voxelsAfter: number;
  /** Voxels of the mask that refinement takes away, as a fraction of `voxelsBefore`. */
  readonly removedShare: number;
  /** Voxels that it adds, as a fraction of `voxelsBefore`. */
  readonly addedShare: number;
  /** The refinement changed more than allowed. */
  readonly flagged: boolean;
}

/**
 * One particle's mask, refined by the conditional random field of its own box, with a guard against refinement that destroys it.
 * @param probability of each voxel to be of the particle. @param intensity of each voxel, on any scale.
 * @throws as `refineLabels`.
 */
export function refineMask(
  probability: Float32Array,
  intensity: Float32Array,
  options: RefineMaskOptions,
): RefinedMask {
  const { shape, voxelSizeAngstrom, parameters = fittedCrf, neighbours } = options;
  const background = probability.map(neighbours ? (own, i) => (1 - own) * (1 - neighbours[i]) : (own) => 1 - own);
  const probabilities = [background, probability, ...(neighbours ? [neighbours] : [])];
  const refined = refineLabels({ shape, voxelSizeAngstrom, intensities: [intensity], probabilities }, parameters)
    .probabilities[1];
  const own = neighbours ? probability.map((p, i) => (p >= neighbours[i] ? p : 0)) : probability;
  const [before, after, removed, added] = countChanges(own, refined);
  const removedShare = before === 0 ? 0 : removed / before;
  const addedShare = added === 0 ? 0 : added / before;
  const { highestRemovedShare = 0.5, highestAddedShare = 0.5, whenFlagged = "unrefined" } = options;
  const flagged = removedShare > highestRemovedShare || addedShare > highestAddedShare;
  return {
    probability: flagged && whenFlagged === "unrefined" ? probability : refined,
    voxelsBefore: before,
    voxelsAfter: after,
    removedShare,
    addedShare,
    flagged,
  };
}

function countChanges(before: Float32Array, after: Float32Array): [number, number, number, number] {
  let [inBefore, inAfter, removed, added] = [0, 0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const [was, is] = [before[i] > 0.5, after[i] > 0.5];
    if (was) inBefore++;
    if (is) inAfter++;
    if (was && !is) removed++;
    if (is && !was) added++;
  }
  return [inBefore, inAfter, removed, added];
}
