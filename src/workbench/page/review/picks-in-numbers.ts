/** What numbers say of picks: how many of them will be right, which are in doubt, what looks odd. */
import type { DecidedCandidate, VoxelPosition } from "../../protocol/index.js";

type Judged = Pick<DecidedCandidate, "probability" | "isJudged">;

/** Expected fraction of right ones: the mean probability, a person's word counting as certain. NaN for none. */
export function expectedPrecision(picks: readonly Judged[]): number {
  const sum = picks.reduce((total, { probability, isJudged }) => total + (isJudged ? 1 : probability), 0);
  return sum / picks.length;
}

/** How little is known of whether it is what it is taken for: 1 where both are as probable, 0 where a person has said it. */
export function doubtOf({ probability, isJudged }: Judged): number {
  return isJudged ? 0 : 4 * probability * (1 - probability);
}

/** How many values lie in each of `count` equal steps from 0 to 1; those outside count in the last ones. */
export function histogramOf(values: Iterable<number>, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    const step = Math.min(count - 1, Math.max(0, Math.floor(value * count)));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

type Placed = Pick<DecidedCandidate, "tomogramId" | "position">;

/** Distance of each to its nearest neighbour in the same tomogram, in voxels; infinite for the only one. */
export function neighbourDistances(items: readonly Placed[]): Float64Array {
  const distances = new Float64Array(items.length);
  const byX = items.map((_, index) => index).sort((a, b) => items[a]!.position.x - items[b]!.position.x);
  for (const [place, index] of byX.entries())
    distances[index] = Math.min(nearestOnSide(items, byX, place, 1), nearestOnSide(items, byX, place, -1));
  return distances;
}

/** Goes along x from an item until no other can be nearer. */
function nearestOnSide(items: readonly Placed[], byX: readonly number[], place: number, step: 1 | -1): number {
  const own = items[byX[place]!]!;
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = place + step; at >= 0 && at < byX.length; at += step) {
    const other = items[byX[at]!]!;
    if (Math.abs(other.position.x - own.position.x) >= nearest) break;
    if (other.tomogramId === own.tomogramId) nearest = Math.min(nearest, distanceBetween(own.position, other.position));
  }
  return nearest;
}

function distanceBetween(a: VoxelPosition, b: VoxelPosition): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

const FEWEST_FOR_A_PLANE = 12;
const PLANE_OF_DEPTH = 0.1;
const MOST_IN_A_PLANE = 0.6;

/**
 * Where most of many picks lie within a tenth of the depth: the middle of it. Real particles seldom do; dirt on a surface, or
 * the edge of what was reconstructed, does.
 */
export function planeOfMost(depths: readonly number[], sections: number): number | undefined {
  if (depths.length < FEWEST_FOR_A_PLANE) return undefined;
  const sorted = [...depths].sort((a, b) => a - b);
  const within = Math.ceil(MOST_IN_A_PLANE * sorted.length);
  const widthFrom = (first: number) => sorted[first + within - 1]! - sorted[first]!;
  let narrowest = 0;
  for (let first = 1; first + within <= sorted.length; first++)
    if (widthFrom(first) < widthFrom(narrowest)) narrowest = first;
  if (widthFrom(narrowest) > PLANE_OF_DEPTH * sections) return undefined;
  return sorted[narrowest]! + widthFrom(narrowest) / 2;
}
