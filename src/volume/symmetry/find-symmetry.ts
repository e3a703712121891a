import { angleBetweenQuaternions, NO_TURN, type Quaternion } from "../quaternion.js";
import type { Volume } from "../volume.js";
import { type GroupCandidate, groupCandidates } from "./candidates.js";
import { examineGroup, inFrame, type KeptGroup, mostAboveChance } from "./examine-group.js";
import { findAxes, roundestPart } from "./find-axes.js";
import { climbedFrame, placedGroup } from "./place-group.js";
import { type PointGroupName, symmetryOperators } from "./point-group.js";
import { createSelfCorrelation, type SelfCorrelation } from "./self-correlation.js";

/** What is known of half maps whose symmetry is looked for. */
export interface FindSymmetryOptions {
  /** Nothing finer counts; default as far as the halves agree beside their round parts. */
  readonly resolutionAngstrom?: number | undefined;
}

/** The largest point group that a map has, as far as its halves show. */
export interface FoundSymmetry {
  readonly pointGroup: PointGroupName;
  /** From the group's frame to the map, about the box centre: its inverse brings the map into RELION's frame. The identity for C1. */
  readonly rotation: Quaternion;
  /**
   * Mean correlation of the halves over the group's rotations, beside what is round about their axes: 1 for an exact symmetry. Of C1
   * that of the best axis there is, 0 where there is none.
   */
  readonly score: number;
  /**
   * Whether the halves show enough for a symmetry to stand out of chance. Where it is false, C1 says nothing of the particle: what the
   * halves have in common may be round, also about an axis, or too coarse.
   */
  readonly isSeen: boolean;
  /** Of an average: a point group that was found, and that its halves no longer keep to in their final poses. */
  readonly lost?: PointGroupName;
}

/**
 * Of what is not round about the axis of a rotation, the mean over rotations that have to be kept alike. Halves that agree better rotated than
 * as they are do so by chance: a symmetry comes to 1.
 */
const [LEAST_MEAN, MOST_MEAN] = [0.8, 1.25] as const;
/** Of one rotation, which noise may lower. */
const LEAST_OF_ONE = 0.5;
/** Over the finer half of what the halves have in common. */
const LEAST_FINE = 0.65;
/** Without what is round about an axis that the rotation turns over. */
const LEAST_BESIDE_MAIN = 0.6;
/** Standard deviations above the same rotations about other axes: of all of a group together, and of those alone that are kept alike. */
const ABOVE_CHANCE = 5;
const CLASS_ABOVE_CHANCE = 3;
/** What the halves have to be above other orientations as they are, before anything is made of how they agree rotated. */
const HALVES_ABOVE_CHANCE = 4;
/** Of what the halves show, what may be round about an axis where no symmetry is said to be. */
const MOST_ROUND = 0.8;
/** What axes must reach by a sample of the frequencies to be tried. */
const LEAST_OF_AXES = 0.55;
/** Orientations of a group that are nearer than this are one. */
const SAME_DEGREES = 6;

/** Where nothing was found, or looked for. */
export const NO_SYMMETRY: FoundSymmetry = { pointGroup: "C1", rotation: NO_TURN, score: 0, isSeen: false };

/**
 * Finds the symmetry of a map whose centre of mass is at its box centre (`centreOfMass`), by two independent half maps of it in one frame,
 * masked to the particle by the same mask, which is round; a map without noise may be both. Axes are looked for in all directions;
 * then the largest point group is taken all of whose rotations the halves keep to, in coarse shells and fine ones.
 *
 * Round things agree with themselves in any orientation. So the mean over all rotations is taken out of the halves, of each rotation what is
 * round about its axis, and of what is left each rotation has to be kept to by far better than the same about other axes is.
 */
export function findSymmetry(
  halves: readonly [Volume, Volume],
  { resolutionAngstrom }: FindSymmetryOptions = {},
): FoundSymmetry {
  const correlation = selfCorrelationOf(halves, resolutionAngstrom);
  if (!correlation || !halvesAgree(correlation)) return NO_SYMMETRY;
  const axes = findAxes(correlation, LEAST_OF_AXES);
  const tried: GroupCandidate[] = [];
  for (const candidate of groupCandidates(axes)) {
    const { pointGroup } = candidate;
    const operators = symmetryOperators(pointGroup).slice(1);
    const refined = { pointGroup, rotation: climbedFrame(candidate.rotation, operators, correlation).rotation };
    if (tried.some((other) => isSameGroup(other, refined))) continue;
    tried.push(refined);
    const kept = examineGroup(refined, correlation);
    if (isKept(kept)) return { ...refined, score: scoreOf(kept), isSeen: true };
  }
  const best = axes.reduce((highest, { score }) => Math.max(highest, score), 0);
  return { ...NO_SYMMETRY, score: best, isSeen: couldBeSeen(correlation) };
}

/**
 * Where the axes of a point group are in a map that is said to have it: where its halves are the most like themselves over all of the group's
 * rotations. `isSeen` says whether they keep to it there as `findSymmetry` asks. Undefined where the halves have nothing in common that is not
 * round: then there is nothing to place axes by.
 * @see findSymmetry for what the halves have to be.
 */
export function placeSymmetry(
  halves: readonly [Volume, Volume],
  pointGroup: PointGroupName,
  { resolutionAngstrom }: FindSymmetryOptions = {},
): FoundSymmetry | undefined {
  if (pointGroup === "C1") return NO_SYMMETRY;
  const correlation = selfCorrelationOf(halves, resolutionAngstrom);
  if (!correlation) return undefined;
  const placed = placedGroup(pointGroup, correlation);
  const kept = examineGroup(placed, correlation);
  return { ...placed, score: scoreOf(kept), isSeen: halvesAgree(correlation) && isKept(kept) };
}

/**
 * Whether two independent half maps keep to a point group that lies in RELION's frame about the box centre.
 * @see findSymmetry for what the halves have to be.
 */
export function keepsSymmetry(
  halves: readonly [Volume, Volume],
  pointGroup: PointGroupName,
  { resolutionAngstrom }: FindSymmetryOptions = {},
): boolean {
  const correlation = selfCorrelationOf(halves, resolutionAngstrom);
  if (!correlation || !halvesAgree(correlation)) return false;
  return isKept(examineGroup({ pointGroup, rotation: NO_TURN }, correlation));
}

function selfCorrelationOf(
  [one, other]: readonly [Volume, Volume],
  resolutionAngstrom: number | undefined,
): SelfCorrelation | undefined {
  const { shape, voxelSizeAngstrom } = one;
  const [edge] = shape;
  const finest = resolutionAngstrom === undefined ? edge : (edge * voxelSizeAngstrom) / resolutionAngstrom;
  return createSelfCorrelation([one.data, other.data], edge, Math.floor(Math.min(edge / 2 - 1, finest)));
}

/** Whether halves agree as they are by more than turned onto each other anyhow. */
function halvesAgree(correlation: SelfCorrelation): boolean {
  return mostAboveChance(correlation) >= HALVES_ABOVE_CHANCE;
}

function isKept({ classes, aboveChance: together }: KeptGroup): boolean {
  return (
    together >= ABOVE_CHANCE &&
    classes.every(
      ({ mean, least, fine, besideMain, aboveChance }) =>
        mean >= LEAST_MEAN &&
        mean <= MOST_MEAN &&
        least >= LEAST_OF_ONE &&
        fine >= LEAST_FINE &&
        besideMain >= LEAST_BESIDE_MAIN &&
        aboveChance >= CLASS_ABOVE_CHANCE,
    )
  );
}

function scoreOf({ classes }: KeptGroup): number {
  return classes.reduce((sum, { mean }) => sum + mean / classes.length, 0);
}

/** Whether a twofold axis would stand out, and the map is not so round about any axis that a high fold about it would not show. */
function couldBeSeen(correlation: SelfCorrelation): boolean {
  return mostAboveChance(correlation) >= ABOVE_CHANCE && roundestPart(correlation) < MOST_ROUND;
}

function isSameGroup(one: GroupCandidate, other: GroupCandidate): boolean {
  if (one.pointGroup !== other.pointGroup) return false;
  const operators = symmetryOperators(one.pointGroup).slice(1);
  const own = operators.map((operator) => inFrame(one.rotation, operator));
  return operators.every((operator) => {
    const turned = inFrame(other.rotation, operator);
    return own.some((rotation) => angleBetweenQuaternions(rotation, turned) < SAME_DEGREES);
  });
}
