import type { Volume } from "../../volume/index.js";

/** What `info` says about any array of numbers. Moments are over the finite values. */
export interface Statistics {
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly standardDeviation: number;
  readonly nanCount: number;
  readonly infiniteCount: number;
}

/** Statistics of an array that arrives in pieces, so that a file larger than memory can be summarised. */
export interface StatisticsAccumulator {
  add(values: Float32Array | Float64Array): void;
  result(): Statistics;
}

/** Pieces are merged with the pairwise update of Chan, Golub and LeVeque (1979): stable for means far from 0. */
export function createStatistics(): StatisticsAccumulator {
  let count = 0;
  let finite = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let squares = 0;
  let nanCount = 0;
  const addPiece = (values: Float32Array | Float64Array): void => {
    const all = finitePiece(values);
    const piece = Number.isFinite(all.sum) ? all : pieceWithGaps(values);
    count += values.length;
    nanCount += piece.nanCount;
    const here = piece.finite;
    if (here === 0) return;
    minimum = Math.min(minimum, piece.minimum);
    maximum = Math.max(maximum, piece.maximum);
    const pieceMean = piece.sum / here;
    const pieceSquares =
      here === values.length ? squaresAbout(values, pieceMean) : finiteSquaresAbout(values, pieceMean);
    const delta = pieceMean - mean;
    squares += pieceSquares + (delta * delta * finite * here) / (finite + here);
    mean += (delta * here) / (finite + here);
    finite += here;
  };
  return {
    add(values) {
      for (let start = 0; start < values.length; start += PIECE) addPiece(values.subarray(start, start + PIECE));
    },
    result: () => ({
      count,
      minimum: finite ? minimum : Number.NaN,
      maximum: finite ? maximum : Number.NaN,
      mean: finite ? mean : Number.NaN,
      standardDeviation: finite ? Math.sqrt(squares / finite) : Number.NaN,
      nanCount,
      infiniteCount: count - finite - nanCount,
    }),
  };
}

/** Small enough that both passes over a piece stay in the cache. */
const PIECE = 65536;

interface Piece {
  readonly minimum: number;
  readonly maximum: number;
  readonly sum: number;
  readonly finite: number;
  readonly nanCount: number;
}

/** What there is to know of values all of which are finite; if one is not, the sum is not. */
function finitePiece(values: Float32Array | Float64Array): Piece {
  // Four sums at a time: one alone waits for each addition.
  const whole = values.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < whole; i += 4) {
    const first = values[i];
    const second = values[i + 1];
    const third = values[i + 2];
    const fourth = values[i + 3];
    a += first;
    b += second;
    c += third;
    d += fourth;
    if (first < minimum) minimum = first;
    if (first > maximum) maximum = first;
    if (second < minimum) minimum = second;
    if (second > maximum) maximum = second;
    if (third < minimum) minimum = third;
    if (third > maximum) maximum = third;
    if (fourth < minimum) minimum = fourth;
    if (fourth > maximum) maximum = fourth;
  }
  for (let i = whole; i < values.length; i++) {
    const value = values[i];
    a += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum, sum: a + b + (c + d), finite: values.length, nanCount: 0 };
}

function pieceWithGaps(values: Float32Array | Float64Array): Piece {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [sum, finite, nanCount] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value !== 0) {
      if (Number.isNaN(value)) nanCount++;
      continue;
    }
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
    finite++;
  }
  return { minimum, maximum, sum, finite, nanCount };
}

/** The sum of squared differences from `mean`, of finite values. */
function squaresAbout(values: Float32Array | Float64Array, mean: number): number {
  const whole = values.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += (values[i] - mean) ** 2;
    b += (values[i + 1] - mean) ** 2;
    c += (values[i + 2] - mean) ** 2;
    d += (values[i + 3] - mean) ** 2;
  }
  for (let i = whole; i < values.length; i++) a += (values[i] - mean) ** 2;
  return a + b + (c + d);
}

/** The same, of the values that are finite. */
function finiteSquaresAbout(values: Float32Array | Float64Array, mean: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    if (difference - difference === 0) squares += difference * difference;
  }
  return squares;
}

/** Statistics of an array that is all there. */
export function statisticsOf(values: Float32Array | Float64Array): Statistics {
  const statistics = createStatistics();
  statistics.add(values);
  return statistics.result();
}

/** Sentences about values that arithmetic cannot use. */
export function valueWarnings({ nanCount, infiniteCount, count, standardDeviation }: Statistics): string[] {
  const warnings: string[] = [];
  if (nanCount > 0) warnings.push(`${nanCount} of ${count} values are NaN`);
  if (infiniteCount > 0) warnings.push(`${infiniteCount} of ${count} values are infinite`);
  if (standardDeviation === 0) warnings.push("all values are equal");
  return warnings;
}

/** A reading that also says what is odd about its values. */
export function withValueWarnings<T extends { readonly volume: Volume; readonly warnings: readonly string[] }>(
  reading: T,
): T {
  return { ...reading, warnings: [...reading.warnings, ...valueWarnings(statisticsOf(reading.volume.data))] };
}
