/** How often which grey values are, and between which of them a section is well seen. */
import type { GreyValues, TomogramInfo } from "../../../protocol/index.js";
import type { GreyRange, GreyStatistics } from "../../state/view.js";

export type GreyHistogram = TomogramInfo["greyHistogram"];

const MOST_SAMPLES = 100_000;
const LOW_FRACTION = 0.005;
const HIGH_FRACTION = 0.995;
const BINS = 96;
/** How far a histogram goes beyond the range, by its width. */
const MARGIN = 0.5;

/** Of evenly spread samples. @returns undefined where no value is a number. */
export function statisticsOf(values: GreyValues): GreyStatistics | undefined {
  const step = Math.max(1, Math.ceil(values.length / MOST_SAMPLES));
  const samples = new Float32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) samples[count++] = values[i]!;
  if (count === 0) return undefined;
  const sorted = samples.subarray(0, count).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (count - 1))]!;
  const [low, high] = [at(LOW_FRACTION), at(HIGH_FRACTION)];
  const range = high > low ? ([low, high] as const) : ([low - 0.5, low + 0.5] as const);
  const width = range[1] - range[0];
  const [from, to] = [range[0] - MARGIN * width, range[1] + MARGIN * width];
  const counts = new Array<number>(BINS).fill(0);
  for (const value of sorted) {
    const bin = Math.floor(((value - from) / (to - from)) * BINS);
    if (bin >= 0 && bin < BINS) counts[bin]!++;
  }
  return { range, histogram: { from, to, counts } };
}

/** The part of a histogram that is worth showing: the range with a margin, and no more than there is. */
export function shownPart({ from, to, counts }: GreyHistogram, [black, white]: GreyRange): GreyHistogram {
  const margin = MARGIN * (white - black);
  const binWidth = (to - from) / counts.length;
  const first = Math.max(0, Math.floor((black - margin - from) / binWidth));
  const last = Math.min(counts.length, Math.ceil((white + margin - from) / binWidth));
  if (!(last > first)) return { from, to, counts };
  return { from: from + first * binWidth, to: from + last * binWidth, counts: counts.slice(first, last) };
}
