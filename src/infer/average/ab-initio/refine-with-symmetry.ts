import { type FoundSymmetry, NO_TURN, type PointGroupName, symmetryOperators } from "../../../volume/index.js";
import type { Averager, LikelyPose } from "./iteration.js";
import {
  type Refined,
  type RefinementReport,
  type RefineOptions,
  type RefinePart,
  refineOnce,
  signalPower,
  solveOutlined,
  sumsByPose,
} from "./refine.js";
import { symmetricFrame } from "./symmetric-frame.js";

/** Where refinement has come to; plain data. */
export interface RefiningState extends Refined {
  /** Rounds that are done. */
  readonly rounds: number;
  /** Of each reference, once they have been looked for. */
  readonly symmetries?: readonly FoundSymmetry[];
  /** After how many rounds they were looked for last. */
  readonly lookedAfter?: number;
  /** What the next round has come to. */
  readonly part?: RefinePart;
}

export interface RefineWithSymmetryOptions extends Omit<RefineOptions, "operators" | "from" | "onRows" | "onPart"> {
  readonly references: number;
  readonly voxelSizeAngstrom: number;
  readonly symmetry: PointGroupName | "find";
  /** Called with particles that were gone through, once in each round, and of how many. */
  readonly onRows?: ((done: number, total: number) => void) | undefined;
  readonly onRound?: (report: RefinementReport, done: number, total: number) => void;
  /** Called after every round, and within those of many particles; refinement goes on when it has resolved. */
  readonly onState?: (state: RefiningState) => void | Promise<void>;
}

/**
 * Rounds after which symmetry is looked for: what does not show in the poses of the search may show in refined ones. One that is given
 * is placed after the first of them alone.
 */
const LOOKED_AFTER: readonly number[] = [2, 4];
const ROUNDS = 6;
const IDENTITY = [NO_TURN];

/**
 * Refines poses in halves, finds the symmetry that the references have by then, and refines with it: each particle then counts once
 * for every orientation that looks the same. It begins with the poses that were searched for, or where it was stopped.
 * @throws AbortError; what reading the band throws.
 */
export async function refineWithSymmetry(
  averager: Averager,
  begin: RefiningState,
  options: RefineWithSymmetryOptions,
): Promise<{ readonly poses: readonly LikelyPose[]; readonly symmetries: readonly FoundSymmetry[] }> {
  const { references, halves, symmetry, onRows, onRound, onState } = options;
  const lookedAfter = symmetry === "find" ? LOOKED_AFTER : LOOKED_AFTER.slice(0, 1);
  const rowCount = halves[0].length + halves[1].length;
  let state = begin;
  while (state.rounds < ROUNDS) {
    if (lookedAfter.includes(state.rounds) && state.lookedAfter !== state.rounds)
      state = await withSymmetries(averager, state, options);
    const { part, ...before } = state;
    const { rounds, symmetries } = before;
    const refined = await refineOnce(averager, before, {
      ...options,
      operators: symmetries
        ? symmetries.map(({ pointGroup }) => symmetryOperators(pointGroup))
        : Array.from({ length: references }, () => IDENTITY),
      from: part,
      onRows: (done) => onRows?.(rounds * rowCount + done, ROUNDS * rowCount),
      onPart: async (next) => onState?.({ ...before, part: next }),
    });
    onRound?.(refined.report, rounds + 1, ROUNDS);
    state = { ...before, ...refined.state, rounds: rounds + 1 };
    await onState?.(state);
  }
  return { poses: state.poses, symmetries: state.symmetries ?? [] };
}

/**
 * The symmetry of each reference, and poses in the frames where RELION has their axes. One that was found already gives way to a larger
 * group alone.
 */
async function withSymmetries(
  averager: Averager,
  state: RefiningState,
  { band, mask, left, halves, references, voxelSizeAngstrom, symmetry: wanted }: RefineWithSymmetryOptions,
): Promise<RefiningState> {
  const { correlations, noise } = state;
  const poses = [...state.poses];
  const symmetries: FoundSymmetry[] = [];
  const none = Array.from({ length: references }, () => IDENTITY);
  for (let i = 0; i < references; i++) {
    const rowsOf = (half: readonly number[]) => half.filter((row) => poses[row].reference === i);
    const sumOf = async (of: readonly LikelyPose[], rows: readonly number[]) =>
      (await sumsByPose(averager, band, of, rows, none))[i];
    const found = await symmetricFrame(
      poses,
      {
        async whole(of) {
          const sum = await sumOf(of, rowsOf(halves.flat()));
          const signal = signalPower(correlations[i], sum, noise, left);
          return solveOutlined(averager, sum, noise, signal, band.frequencies.edge).volume;
        },
        async halves(of) {
          const [one, other] = [await sumOf(of, rowsOf(halves[0])), await sumOf(of, rowsOf(halves[1]))];
          const masked = (volume: Float32Array) => volume.map((value, at) => value * mask[at]);
          return [masked(one.volume()), masked(other.volume())];
        },
      },
      { voxelSizeAngstrom, wanted },
    );
    const before = state.symmetries?.[i];
    if (before && order(found.symmetry) <= order(before)) {
      symmetries.push(order(before) === 1 ? found.symmetry : before); // whether none can be told may have changed
      continue;
    }
    for (const [row, pose] of found.poses.entries()) if (poses[row].reference === i) poses[row] = pose;
    symmetries.push(found.symmetry);
  }
  return { ...state, poses, symmetries, lookedAfter: state.rounds };
}

/** How many orientations a point group makes equal. */
const order = ({ pointGroup }: FoundSymmetry): number => symmetryOperators(pointGroup).length;
