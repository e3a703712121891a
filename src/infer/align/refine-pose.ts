import { multiplyQuaternions, normaliseQuaternion, type Pose } from "../../volume/index.js";
import { solveSymmetric } from "../solve-symmetric.js";
import type { Observation } from "./observation.js";
import { createDerivatives, evaluatePose, POSE_NUMBERS } from "./pose-likelihood.js";
import type { ReferenceField } from "./reference-field.js";
import type { ShellFactors } from "./shell-factors.js";

export interface ScoredPose {
  readonly pose: Pose;
  /** Log-likelihood over that of having nothing in common. */
  readonly score: number;
}

export interface RefineOptions {
  /** Frequencies up to this shell count. */
  readonly shell: number;
  readonly steps?: number;
  /** Neither a step nor a sum of the gains of a step below this much of likelihood is worth going on for. */
  readonly tolerance?: number;
}

/** Steps are no longer than this: beyond, the likelihood looks nothing like a parabola. */
const LARGEST_TURN_RADIANS = 0.15;
const LARGEST_SHIFT_VOXELS = 1;

/**
 * The likeliest pose near `pose`, by Newton's method with the expected information in place of the second derivative
 * (Fisher scoring), damped where a step does not gain.
 */
export function refinePose(
  observation: Observation,
  field: ReferenceField,
  factors: ShellFactors,
  pose: Pose,
  { shell, steps = 6, tolerance = 0.01 }: RefineOptions,
): ScoredPose {
  const { shellEnd } = observation.frequencies;
  const count = shellEnd[Math.min(shell, shellEnd.length - 1)];
  let derivatives = createDerivatives();
  let other = createDerivatives();
  let best = { pose, score: evaluatePose(observation, field, factors, pose, count, derivatives) };
  let damping = 1e-3;
  for (let step = 0; step < steps; step++) {
    const move = newtonStep(derivatives.gradient, derivatives.information, damping);
    if (!move) break;
    const next = movedPose(best.pose, move);
    const score = evaluatePose(observation, field, factors, next, count, other);
    const gained = score - best.score;
    if (gained > 0) {
      best = { pose: next, score };
      [derivatives, other] = [other, derivatives];
      damping = Math.max(1e-3, damping / 10);
      if (gained < tolerance) break;
    } else {
      damping = damping < 0.1 ? 0.3 : damping * 6;
      if (damping > 100) break;
    }
  }
  return best;
}

/** `pose` rotated by the first three numbers (a rotation vector) and shifted by the last three. */
function movedPose({ rotation, shiftVoxels: { x, y, z } }: Pose, move: Float64Array): Pose {
  const half = 0.5 * Math.hypot(move[0], move[1], move[2]);
  const scale = half > 1e-12 ? (0.5 * Math.sin(half)) / half : 0.5;
  const turn = { w: Math.cos(half), x: scale * move[0], y: scale * move[1], z: scale * move[2] };
  return {
    rotation: normaliseQuaternion(multiplyQuaternions(turn, rotation)),
    shiftVoxels: { x: x + move[3], y: y + move[4], z: z + move[5] },
  };
}

/** Solves `(information + damping diagonal) step = gradient`, bounded; undefined where the pose cannot be told at all. */
function newtonStep(gradient: Float64Array, information: Float64Array, damping: number): Float64Array | undefined {
  const damped = information.slice();
  for (let p = 0; p < POSE_NUMBERS; p++) damped[POSE_NUMBERS * p + p] *= 1 + damping;
  const step = solveSymmetric(damped, gradient);
  if (!step) return undefined;
  const turn = Math.hypot(step[0], step[1], step[2]);
  const shift = Math.hypot(step[3], step[4], step[5]);
  const bound = Math.min(1, LARGEST_TURN_RADIANS / turn, LARGEST_SHIFT_VOXELS / shift);
  return step.map((value) => value * bound);
}
