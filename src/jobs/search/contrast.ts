import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import {
  type Adaptation,
  blurredSkewness,
  greyStatistics,
  measureAdaptation,
  noAdaptation,
} from "../../infer/index.js";
import { throwIfAborted } from "../../progress.js";
import type { Shape3 } from "../../volume/index.js";
import type { SearchSettings } from "./options.js";

/** What a tomogram is like, and what follows for how the networks are to see it. */
export interface Measured {
  readonly greys: TomogramGreys;
  readonly contrast: Contrast;
  readonly scale: GreyScale;
  readonly adaptation: Adaptation;
}

/**
 * Measures a tomogram before it is searched.
 * @param known the contrast, where examples have shown it
 * @throws FileError, AbortError.
 */
export async function measureTomogram(
  grid: TomogramGrid,
  known: Contrast | undefined,
  { inverted, adapt, signal }: Pick<SearchSettings, "inverted" | "adapt" | "signal">,
): Promise<Measured> {
  const greys = await tomogramGreys(grid, signal);
  const contrast = known ?? contrastOf(inverted, greys, undefined);
  const scale = greyScale(greys, contrast);
  return { greys, contrast, scale, adaptation: adapt ? await tomogramAdaptation(grid, scale, signal) : noAdaptation };
}

/** What is known of a tomogram's grey values before it is searched. */
export interface TomogramGreys {
  readonly mean: number;
  readonly deviation: number;
  readonly paddingShare: number;
  /** Mean of the blurred skewness of pieces of the tomogram: positive where protein is bright. */
  readonly skewness: number;
}

const SAMPLED_SECTIONS = 48;
const SAMPLED_VOXELS = 2_000_000;
const PIECE_EDGE = 64;
const PIECES = 8;
/** Pieces of fewer voxels tell too little of directions in Fourier space. */
const SMALLEST_PIECE = 24;

/** Robust grey statistics from sections spread evenly over the tomogram, and skewness from pieces of it. */
export async function tomogramGreys(grid: TomogramGrid, signal?: AbortSignal | undefined): Promise<TomogramGreys> {
  const [nz, ny, nx] = grid.shape;
  const sections = Math.min(nz, SAMPLED_SECTIONS);
  // Odd, so that a stride does not fall on the same columns of every row.
  const stride = 2 * Math.floor((sections * ny * nx) / SAMPLED_VOXELS / 2) + 1;
  const perSection = Math.ceil((ny * nx) / stride);
  const sample = new Float32Array(sections * perSection);
  for (let i = 0; i < sections; i++) {
    throwIfAborted(signal);
    const values = await grid.read([Math.floor(((i + 0.5) * nz) / sections), 0, 0], [1, ny, nx]);
    for (let j = 0; j < perSection; j++) sample[i * perSection + j] = values[j * stride]!;
  }
  const { mean, deviation, paddingShare } = greyStatistics(sample);
  const read = createRegionReader(grid, { mean, scale: deviation > 0 ? 1 / deviation : 0 });
  const edge = Math.min(PIECE_EDGE, nz, ny, nx);
  let skewness = 0;
  for (const corner of pieceCorners(grid.shape, edge)) {
    throwIfAborted(signal);
    skewness += blurredSkewness(await read(corner, edge), [edge, edge, edge]) / PIECES;
  }
  return { mean, deviation, paddingShare, skewness };
}

/**
 * What the tomogram needs before the networks see it, measured on pieces spread over it.
 * @throws AbortError.
 */
export async function tomogramAdaptation(
  grid: TomogramGrid,
  scale: GreyScale,
  signal?: AbortSignal | undefined,
): Promise<Adaptation> {
  const [nz, ny, nx] = grid.shape;
  const edge = Math.min(PIECE_EDGE, nz, ny, nx);
  if (edge < SMALLEST_PIECE) return noAdaptation;
  const read = createRegionReader(grid, scale);
  const cubes = new Float32Array(PIECES * edge ** 3);
  for (const [i, corner] of pieceCorners(grid.shape, edge).entries()) {
    throwIfAborted(signal);
    cubes.set(await read(corner, edge), i * edge ** 3);
  }
  return measureAdaptation(cubes, edge);
}

/** The middle of the depth, where ice is; a grid of places over the area. */
function pieceCorners([nz, ny, nx]: Shape3, edge: number): [number, number, number][] {
  const place = (share: number, length: number) => Math.round(share * (length - edge));
  return Array.from({ length: PIECES }, (_, i) => [
    place(0.5, nz),
    place((Math.floor(i / 4) + 0.5) / 2, ny),
    place(((i % 4) + 0.5) / 4, nx),
  ]);
}

/** Whether protein is dark in the file, and how that is known. */
export interface Contrast {
  readonly dark: boolean;
  readonly reason: string;
}

/** Examples at least so much brighter or darker at their centres (in standard deviations of their boxes) are believed. */
const CLEAR_BRIGHTNESS = 0.15;

/** The sign as told, else as the examples of this tomogram show it, else as the skewness says. */
export function contrastOf(
  told: boolean | undefined,
  { skewness }: Pick<TomogramGreys, "skewness">,
  exampleBrightness: number | undefined,
): Contrast {
  if (told !== undefined) return { dark: told, reason: told ? "told by --invert" : "told by --no-invert" };
  if (exampleBrightness !== undefined && Math.abs(exampleBrightness) >= CLEAR_BRIGHTNESS) {
    const dark = exampleBrightness < 0;
    const amount = Math.abs(exampleBrightness).toFixed(2);
    return {
      dark,
      reason: `guessed: the examples are ${amount} standard deviations ${dark ? "darker" : "brighter"} at their centres`,
    };
  }
  const dark = skewness < 0;
  return {
    dark,
    reason: `guessed: blurred grey values lean to the ${dark ? "dark" : "bright"} side (skewness ${skewness.toFixed(2)})`,
  };
}

export function greyScale({ mean, deviation }: TomogramGreys, { dark }: Pick<Contrast, "dark">): GreyScale {
  return { mean, scale: deviation > 0 ? (dark ? -1 : 1) / deviation : 0 };
}
