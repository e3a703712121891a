import { type FoundSymmetry, type PointGroupName, symmetryOperators } from "../../../volume/index.js";
import type { Averager, LikelyPose } from "./iteration.js";
import {
  agreement,
  type RefinementReport,
  type RefineOptions,
  refineInHalves,
  signalPower,
  solveOutlined,
  sumsByPose,
} from "./refine.js";
import { symmetricFrame } from "./symmetric-frame.js";

export interface RefineWithSymmetryOptions extends Omit<RefineOptions, "operators" | "rounds" | "onRound"> {
  readonly references: number;
  readonly voxelSizeAngstrom: number;
  readonly symmetry: PointGroupName | "find";
  readonly onRound?: (report: RefinementReport, done: number, total: number) => void;
}

/** Rounds before symmetry is looked for, and after. */
const [ROUNDS_BEFORE, ROUNDS_AFTER] = [2, 4] as const;
const ROUNDS = ROUNDS_BEFORE + ROUNDS_AFTER;
const IDENTITY = [{ w: 1, x: 0, y: 0, z: 0 }] as const;

/**
 * Refines poses in halves, finds the symmetry that the references have by then, and refines with it: each particle then counts once
 * for every orientation that looks the same.
 * @throws AbortError.
 */
export function refineWithSymmetry(
  averager: Averager,
  poses: readonly LikelyPose[],
  options: RefineWithSymmetryOptions,
): { readonly poses: readonly LikelyPose[]; readonly symmetries: readonly FoundSymmetry[] } {
  const { band, left, halves, references, voxelSizeAngstrom, symmetry: wanted, onRound } = options;
  const none = Array.from({ length: references }, () => IDENTITY);
  const first = refineInHalves(averager, poses, {
    ...options,
    ...{ operators: none, rounds: ROUNDS_BEFORE },
    onRound: (report, done) => onRound?.(report, done, ROUNDS),
  });
  const current = [...first.poses];
  const symmetries: FoundSymmetry[] = [];
  for (let i = 0; i < references; i++) {
    const rows = halves.flat().filter((row) => current[row].reference === i);
    const correlation = first.correlations[i];
    const volumeOf = (of: readonly LikelyPose[]): Float32Array => {
      const sum = sumsByPose(averager, band, of, rows, none)[i];
      const signal = signalPower(correlation, sum, first.noise, left);
      return solveOutlined(averager, sum, first.noise, signal, band.frequencies.edge).volume;
    };
    const shell = Math.max(1, agreement(correlation));
    const resolutionAngstrom = (band.frequencies.edge * voxelSizeAngstrom) / shell;
    const found = symmetricFrame(current, volumeOf, { voxelSizeAngstrom, correlation, resolutionAngstrom, wanted });
    for (const [row, pose] of found.poses.entries()) if (current[row].reference === i) current[row] = pose;
    symmetries.push(found.symmetry);
  }
  const last = refineInHalves(averager, current, {
    ...options,
    noise: first.noise,
    operators: symmetries.map(({ pointGroup }) => symmetryOperators(pointGroup)),
    rounds: ROUNDS_AFTER,
    onRound: (report, done) => onRound?.(report, ROUNDS_BEFORE + done, ROUNDS),
  });
  return { poses: last.poses, symmetries };
}
