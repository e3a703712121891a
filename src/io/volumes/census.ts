/** What the values of a whole volume say of what it is. */
import { createStatistics, type Statistics } from "./statistics.js";

/** Facts of all values of a volume, which may arrive in pieces. */
export interface Census {
  readonly statistics: Statistics;
  /** There is one finite value, or none. */
  readonly isConstant: boolean;
  /** Whole numbers of few kinds, or most of them the same: labels or a mask, not density. */
  readonly isLabels: boolean;
  /** How many different values there are; undefined unless all are whole numbers from -32768 to 65535. */
  readonly distinctIntegers: number | undefined;
}

const SMALLEST = -32768;
const LARGEST = 65535;
/** An 8-bit tomogram has a hundred or more. */
const MOST_KINDS_OF_LABELS = 16;
/** Background covers more than this of a volume of labels; no grey value covers as much of a tomogram. */
const LEAST_BACKGROUND = 0.5;

/** Counts values; a volume that holds fractions costs little more than its statistics. */
export function createCensus(): { add(values: Float32Array): void; result(): Census } {
  const statistics = createStatistics();
  let counts: Float64Array | undefined = new Float64Array(LARGEST - SMALLEST + 1);
  return {
    add(values) {
      statistics.add(values);
      if (counts && !count(values, counts)) counts = undefined;
    },
    result() {
      const found = statistics.result();
      const isConstant = !(found.maximum > found.minimum);
      const kinds = counts?.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
      const background = counts ? counts.reduce((most, n) => Math.max(most, n), 0) / found.count : 0;
      const isLabels =
        !isConstant && kinds !== undefined && (kinds <= MOST_KINDS_OF_LABELS || background > LEAST_BACKGROUND);
      return { statistics: found, isConstant, isLabels, distinctIntegers: kinds };
    },
  };
}

/** False for the first value that is not a whole number in range; NaN and infinities are passed over. */
function count(values: Float32Array, counts: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value !== 0) continue;
    if (value < SMALLEST || value > LARGEST || Math.floor(value) !== value) return false;
    counts[value - SMALLEST]++;
  }
  return true;
}

/** The census of a volume in memory. */
export function censusOf(values: Float32Array): Census {
  const census = createCensus();
  census.add(values);
  return census.result();
}

/** Sentences on what looks like no tomogram. */
export function censusWarnings({ statistics, isConstant, isLabels, distinctIntegers }: Census): string[] {
  const { nanCount, infiniteCount, count: total, minimum, maximum } = statistics;
  const warnings: string[] = [];
  if (nanCount + infiniteCount > 0)
    warnings.push(
      `${nanCount + infiniteCount} of ${total} voxels hold no number (${nanCount} NaN, ${infiniteCount} infinite); the mean stands in for them`,
    );
  if (isConstant) warnings.push("all voxels hold the same value: there is nothing to see in it");
  if (isLabels)
    warnings.push(
      `its values are ${distinctIntegers} whole numbers from ${minimum} to ${maximum}, as in labels or a mask, not a tomogram`,
    );
  return warnings;
}
