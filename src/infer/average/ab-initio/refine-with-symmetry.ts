import { throwIfAborted } from "../../../errors.js";
import {
  type FoundSymmetry,
  NO_TURN,
  type PointGroupName,
  type Quaternion,
  type Random,
  symmetryOperators,
} from "../../../volume/index.js";
import { type Averager, type Fineness, PART_ROWS } from "./iteration.js";
import type { LikelyPose } from "./likely-pose.js";
import {
  type Refined,
  type RefinementReport,
  type RefineOptions,
  type RefinePart,
  refineOnce,
  signalPower,
  solveHalves,
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
  /** How finely particles are looked at when they are turned everywhere once more. */
  readonly fineness: Fineness;
  readonly random: Random;
  /** Called with particles that were gone through, once in each round and once when their likely poses are looked for, and of how many. */
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
/** Rounds after which all poses of each particle that are likely are looked for, symmetry first. */
const LOOKED_EVERYWHERE_AFTER = 2;
const IDENTITY = [NO_TURN];

/**
 * Refines poses in halves, finds the symmetry that the references have by then, and refines with it: each particle then counts once
 * for every orientation that looks the same. From the third round on a particle counts in every pose that is likely, as far as it is:
 * of particles too noisy to tell, one pose that was chosen is wrong more often than right. It begins with the poses that were searched
 * for, or where it was stopped.
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
  const report = (passes: number) => (done: number) => onRows?.(passes * rowCount + done, (ROUNDS + 1) * rowCount);
  let state = begin;
  while (state.rounds < ROUNDS) {
    if (lookedAfter.includes(state.rounds) && state.lookedAfter !== state.rounds)
      state = await withSymmetries(averager, state, options);
    if (state.rounds === LOOKED_EVERYWHERE_AFTER)
      state = await withLikelyPoses(averager, state, options, report(LOOKED_EVERYWHERE_AFTER));
    const { part, ...before } = state;
    const { rounds } = before;
    const refined = await refineOnce(averager, before, {
      ...options,
      operators: operatorsOf(before, references),
      from: part,
      onRows: report(rounds < LOOKED_EVERYWHERE_AFTER ? rounds : rounds + 1),
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

/**
 * Every particle with the poses that it may be in beside its own: rotated everywhere, against the average of its own half without
 * symmetry. They count nothing before they have been climbed from.
 */
async function withLikelyPoses(
  averager: Averager,
  state: RefiningState,
  options: RefineWithSymmetryOptions,
  onRows: (done: number) => void,
): Promise<RefiningState> {
  const { references: count, halves, fineness, random, signal, onState } = options;
  const { noise } = state;
  const poses = [...state.poses];
  const isLeft = (row: number) => poses[row].likelyPoses === undefined;
  const total = halves.flat().length;
  let left = halves.flat().filter(isLeft).length;
  if (left === 0) return state;
  const operators = operatorsOf(state, count);
  const { references } = await solveHalves(averager, state, { ...options, operators: operators.map(() => IDENTITY) });
  for (const h of [0, 1] as const)
    for (let i = 0; i < count; i++) {
      const rows = halves[h].filter((row) => poses[row].reference === i && isLeft(row));
      for (let first = 0; first < rows.length; first += PART_ROWS) {
        const some = rows.slice(first, first + PART_ROWS);
        const found = await averager.lookEverywhere(some, {
          ...{ reference: references[h][i], noise, poses, operators: operators[i] },
          fineness: { ...fineness, mayBeNoise: false },
          random: random.fork(h, i),
          onRows(done) {
            throwIfAborted(signal);
            onRows(total - left + done);
          },
        });
        for (const [at, row] of some.entries()) {
          const { rotation, shiftVoxels } = poses[row];
          const others = found[at].map((other) => ({ rotation: other, shiftVoxels, fraction: 0 }));
          poses[row] = { ...poses[row], likelyPoses: [{ rotation, shiftVoxels, fraction: 1 }, ...others] };
        }
        left -= some.length;
        await onState?.({ ...state, poses: [...poses] });
      }
    }
  return { ...state, poses };
}

/** Rotations that leave each reference as it is, the identity first. */
function operatorsOf({ symmetries }: RefiningState, references: number): readonly (readonly Quaternion[])[] {
  return symmetries
    ? symmetries.map(({ pointGroup }) => symmetryOperators(pointGroup))
    : Array.from({ length: references }, () => IDENTITY);
}

/** How many orientations a point group makes equal. */
const order = ({ pointGroup }: FoundSymmetry): number => symmetryOperators(pointGroup).length;
