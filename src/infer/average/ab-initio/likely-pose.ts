import {
  angleModuloSymmetry,
  composePoses,
  nearestEquivalent,
  type Pose,
  type Quaternion,
} from "../../../volume/index.js";
import type { ScoredPose } from "../../align/refine-pose.js";

/** One of the poses that a particle may be in, and how much of it counts there. */
export interface PoseFraction extends Pose {
  /** 0 to 1; all of a particle's together are 1. */
  readonly fraction: number;
}

/** The most probable pose of a particle, and what else it may be. */
export interface LikelyPose extends Pose {
  /** Index of the reference it is of. */
  readonly reference: number;
  /** Probability of this reference and rotation of the grid, all shifts together; where there are `likelyPoses`, the fraction in this one. */
  readonly probability: number;
  /** Probability that it is of any of the references, and not noise. */
  readonly presence: number;
  /** Logarithm of the particle's likelihood under the references, over that under noise alone. */
  readonly evidence: number;
  /**
   * Once they have been looked for, all poses that it counts in, and until the next round those to climb from, of which it counts nothing
   * in; before, it counts in its most probable one alone.
   */
  readonly likelyPoses?: readonly PoseFraction[];
}

/** Rotations of a particle that are climbed from, beside where it was: those of a grid that are this probable beside the likeliest. */
const [MOST_ROTATIONS, LEAST_PROBABLE] = [8, 1e-4] as const;
/** Maxima of a grid that are this near to each other lead to one pose; poses this near are one. */
const [DISTINCT_DEGREES, SAME_DEGREES] = [16, 8] as const;
/**
 * Differences of log-likelihood count for so many times less: frequencies next to each other hold the same of a particle that fills
 * part of its box, and the best of many poses is flattered. By validation complexes.
 */
const SOFTENED_BY = 2;
/** Less than this counts as nothing. */
const LEAST_FRACTION = 0.02;

/**
 * The likeliest rotations of a grid, none of them near to `own`, to another, or to their likes by symmetry.
 * @param probabilities of `rotations`.
 * @param operators rotations that leave the reference as it is, the identity first.
 */
export function likeliestRotations(
  probabilities: Float32Array,
  rotations: readonly Quaternion[],
  own: Quaternion,
  operators: readonly Quaternion[],
): Quaternion[] {
  const least = LEAST_PROBABLE * probabilities.reduce((most, value) => Math.max(most, value), 0);
  const chosen = [own];
  for (const at of [...rotations.keys()]
    .filter((i) => probabilities[i] > least)
    .sort((a, b) => probabilities[b] - probabilities[a])) {
    if (chosen.length > MOST_ROTATIONS) break;
    const rotation = rotations[at];
    if (chosen.every((other) => angleModuloSymmetry(rotation, other, operators) > DISTINCT_DEGREES))
      chosen.push(rotation);
  }
  return chosen.slice(1);
}

/**
 * The likeliest of the poses that were climbed to, and how much each of them counts. Of those that look the same by symmetry the first
 * stays: which of them a particle is in follows from what it was before the symmetry was imposed, so that sums without it still say
 * whether there is one.
 */
export function dividedAmong(
  found: readonly ScoredPose[],
  operators: readonly Quaternion[],
): Pose & Required<Pick<LikelyPose, "probability" | "likelyPoses">> {
  const distinct: ScoredPose[] = [];
  for (const { pose, score } of found) {
    const like = distinct.findIndex(
      (other) => angleModuloSymmetry(pose.rotation, other.pose.rotation, operators) <= SAME_DEGREES,
    );
    if (like < 0) distinct.push({ pose, score });
    else if (score > distinct[like].score) {
      const rotation = nearestEquivalent(pose.rotation, distinct[like].pose.rotation, operators);
      distinct[like] = { pose: { ...pose, rotation }, score };
    }
  }
  distinct.sort((a, b) => b.score - a.score);
  const likelihoods = distinct.map(({ score }) => Math.exp((score - distinct[0].score) / SOFTENED_BY));
  const least = LEAST_FRACTION * sum(likelihoods);
  const all = sum(likelihoods.filter((likelihood) => likelihood >= least));
  const likelyPoses = distinct.flatMap(({ pose }, i) =>
    likelihoods[i] >= least ? [{ ...pose, fraction: likelihoods[i] / all }] : [],
  );
  return { ...distinct[0].pose, probability: likelyPoses[0].fraction, likelyPoses };
}

const sum = (values: readonly number[]): number => values.reduce((one, other) => one + other, 0);

/** The poses that a particle counts in. */
export function posesOf({
  rotation,
  shiftVoxels,
  likelyPoses,
}: Pick<LikelyPose, keyof Pose | "likelyPoses">): readonly PoseFraction[] {
  return likelyPoses?.filter(({ fraction }) => fraction > 0) ?? [{ rotation, shiftVoxels, fraction: 1 }];
}

/** What a particle's poses are after those of its reference have been counted from `change` on. */
export function inFrame(pose: LikelyPose, change: Pose): LikelyPose {
  const likelyPoses = pose.likelyPoses?.map((one) => ({ ...one, ...composePoses(one, change) }));
  return { ...pose, ...composePoses(pose, change), ...(likelyPoses && { likelyPoses }) };
}
