/**
 * What grey values say of classes. The classifier sees boxes of zero mean and unit variance: an erased gold bead, a hole or a
 * fiducial looks to it much like ice. How bright and how varied the voxels around a position are, beside those of the
 * class's examples and of the tomogram as a whole, tells these apart at once.
 */
import { median, robustDeviation } from "../../../volume/index.js";

/** Voxels around a position that count: at the voxels that are searched, particles have radii of 4 to 12. */
export const GREY_RADIUS_VOXELS = 4;

/** Mean of the voxels in a ball, and logarithm of their standard deviation; of a tomogram at unit variance. */
export type GreyFeatures = readonly [mean: number, logDeviation: number];

/** Less deviation than this, of the tomogram's, is flat: its logarithm would change much from one voxel to the next. */
const LEAST_DEVIATION = 0.25;

/** @param box `[edge, edge, edge]` of 2 `GREY_RADIUS_VOXELS` + 1 voxels, of a tomogram at zero mean and unit variance. */
export function greyFeatures(box: Float32Array): GreyFeatures {
  const radius = GREY_RADIUS_VOXELS;
  let [count, sum, squares, at] = [0, 0, 0, 0];
  for (let z = -radius; z <= radius; z++)
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++, at++) {
        if (z * z + y * y + x * x > radius * radius) continue;
        count++;
        sum += box[at];
        squares += box[at] ** 2;
      }
  const mean = sum / count;
  return [mean, 0.5 * Math.log(Math.max(squares / count - mean ** 2, LEAST_DEVIATION ** 2))];
}

/** How far features of one class may be apart: wide for proteins, whose sizes and neighbours differ. */
const BACKGROUND_SPREADS = 3;

/** Fewer candidates do not show how particles vary. */
const ENOUGH_CANDIDATES = 8;

/** What grey values of a tomogram are like, and how much each feature varies in it without meaning. */
export interface GreyReference {
  readonly middle: GreyFeatures;
  readonly spread: GreyFeatures;
}

/** The spread is three times that over random places, and that over the candidates besides. */
export function greyReference(random: readonly GreyFeatures[], candidates: readonly GreyFeatures[]): GreyReference {
  const of = (places: readonly GreyFeatures[], feature: number) => places.map((one) => one[feature]);
  const spread = (feature: number): number => {
    const ofCandidates = candidates.length < ENOUGH_CANDIDATES ? 0 : robustDeviation(of(candidates, feature));
    return Math.max(1e-6, Math.hypot(BACKGROUND_SPREADS * robustDeviation(of(random, feature)), ofCandidates));
  };
  return { middle: [median(of(random, 0)), median(of(random, 1))], spread: [spread(0), spread(1)] };
}

/** The examples of all classes; those without features lie elsewhere. */
export interface GreyExamples {
  readonly features: readonly (GreyFeatures | undefined)[];
  readonly labels: readonly number[];
  readonly classCount: number;
}

/**
 * How much log-odds a place loses for each class, `[places, classes]`: none within one spread of the most alike of its
 * examples, or where an example lies elsewhere, whose grey values do not compare; beyond it half of the square.
 */
export function greyPenalties(
  places: readonly GreyFeatures[],
  { features, labels, classCount }: GreyExamples,
  { spread }: GreyReference,
): Float32Array {
  const penalties = new Float32Array(places.length * classCount);
  const ofClass = Array.from({ length: classCount }, (_, label) => features.filter((_, i) => labels[i] === label));
  for (const [row, place] of places.entries())
    for (const [label, examples] of ofClass.entries())
      penalties[row * classCount + label] = examples.reduce(
        (least, example) => Math.min(least, example ? penalty(place, example, spread) : 0),
        Number.POSITIVE_INFINITY,
      );
  return penalties;
}

function penalty(a: GreyFeatures, b: GreyFeatures, spread: GreyFeatures): number {
  return spread.reduce((sum, one, i) => sum + Math.max(0, Math.abs(a[i] - b[i]) / one - 1) ** 2 / 2, 0);
}

/** How like a place is to the most alike of some examples, 0 to 1. */
export function greyLikeness(
  place: GreyFeatures,
  examples: readonly GreyFeatures[],
  { spread }: GreyReference,
): number {
  const squares = examples.map((one) => spread.reduce((sum, unit, i) => sum + ((place[i] - one[i]) / unit) ** 2, 0));
  return Math.exp(-squares.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) / 2);
}

/** Log-odds against being like the tomogram as a whole, from which a place is found by its grey values alone. */
const REMARKABLE = 2;

/** Whether a place is like the tomogram as a whole, or so unlike that nothing else is needed to find its like. */
export function greyDistinction(
  place: GreyFeatures,
  { middle, spread }: GreyReference,
): "ordinary" | "distinct" | "remarkable" {
  const logOdds = penalty(place, middle, spread);
  return logOdds === 0 ? "ordinary" : logOdds < REMARKABLE ? "distinct" : "remarkable";
}
