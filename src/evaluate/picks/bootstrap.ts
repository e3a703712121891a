import type { Random } from "../../volume/index.js";
import { type Interval, mean, wilsonInterval } from "../intervals.js";
import { averagePrecision, f1Score, type PickOutcomes } from "./precision-recall.js";

interface BootstrapIntervals {
  /** Of each set of outcomes. */
  readonly averagePrecision: readonly Interval[];
  /** Of the means over all sets. */
  readonly macroF1: Interval;
  readonly macroAveragePrecision: Interval;
}

/**
 * 95 % interval of an F1 score. F1 = 2 J / (1 + J) grows with J = TP / (TP + false picks + missed particles), which is a
 * proportion: the ends of J's Wilson interval, put through the formula.
 */
export function f1Interval(truePositives: number, picks: number, truths: number): Interval {
  const [low, high] = wilsonInterval(truePositives, picks + truths - truePositives);
  return [(2 * low) / (1 + low), (2 * high) / (1 + high)];
}

/** Outcomes drawn in all, at most, but for the least number of resamples: intervals of long lists are narrow anyway. */
const MOST_DRAWS = 20_000_000;
const [FEWEST_RESAMPLES, RESAMPLES] = [100, 500];

/**
 * Percentile bootstrap over outcomes: the right, false and missed particles of each set are drawn anew with replacement.
 * It takes particles as independent; what a whole tomogram has in common (thickness, defocus) it does not see.
 * @param resamples default 500, fewer for more than 40,000 outcomes, and 100 from 200,000 on.
 */
export function bootstrapIntervals(
  sets: readonly PickOutcomes[],
  { random, ...options }: { readonly random: Random; readonly resamples?: number },
): BootstrapIntervals {
  const resamples = options.resamples ?? enoughResamples(sets);
  const precision = sets.map(() => new Float64Array(resamples));
  const macroF1 = new Float64Array(resamples);
  const macroPrecision = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    const drawn = sets.map((set) => resample(set, random));
    drawn.forEach((one, i) => {
      precision[i][r] = one.averagePrecision;
    });
    macroF1[r] = finiteMean(drawn.map((one) => one.f1));
    macroPrecision[r] = finiteMean(drawn.map((one) => one.averagePrecision));
  }
  return {
    averagePrecision: precision.map(percentiles),
    macroF1: percentiles(macroF1),
    macroAveragePrecision: percentiles(macroPrecision),
  };
}

function enoughResamples(sets: readonly PickOutcomes[]): number {
  const outcomes = sets.reduce((sum, { hits, truthCount }) => sum + hits.length + truthCount, 0);
  return Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_DRAWS / outcomes)));
}

/** F1 and average precision of one resampling. */
function resample(set: PickOutcomes, random: Random) {
  const { hits, truthCount } = set;
  const found = hits.reduce((sum, hit) => sum + hit, 0);
  const total = hits.length + truthCount - found;
  const weights = new Uint32Array(hits.length);
  let [truePositives, picks, truths] = [0, 0, 0];
  for (let i = 0; i < total; i++) {
    const drawn = random.integer(total);
    if (drawn >= hits.length) {
      truths++;
      continue;
    }
    weights[drawn]++;
    picks++;
    truePositives += hits[drawn];
    truths += hits[drawn];
  }
  return {
    f1: f1Score(truePositives, picks, truths),
    averagePrecision: averagePrecision(set, { picks: weights, truthCount: truths }),
  };
}

/** The mean of those that are numbers. */
export function finiteMean(values: readonly number[]): number {
  return mean(values.filter(Number.isFinite));
}

function percentiles(values: Float64Array): Interval {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [Number.NaN, Number.NaN];
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))];
  return [at(0.025), at(0.975)];
}
