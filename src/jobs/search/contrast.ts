import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import {
  type Adaptation,
  blurredSkewness,
  greyStatistics,
  measureAdaptation,
  noAdaptation,
} from "../../infer/index.js";
import { throwIfAborted } from "../../progress.js";
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
  const edge = pieceEdge(grid);
  const pieces = await readPieces(grid, greyScale({ mean, deviation }, { dark: false }), signal);
  let skewness = 0;
  for (let start = 0; start < pieces.length; start += edge ** 3)
    skewness += blurredSkewness(pieces.subarray(start, start + edge ** 3), [edge, edge, edge]) / PIECES;
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
  const edge = pieceEdge(grid);
  return edge < SMALLEST_PIECE ? noAdaptation : measureAdaptation(await readPieces(grid, scale, signal), edge);
}

function pieceEdge({ shape }: TomogramGrid): number {
  return Math.min(PIECE_EDGE, ...shape);
}

/** Cubes `[PIECES, edge, edge, edge]` from the middle of the depth, where ice is, on a grid over the area. */
async function readPieces(grid: TomogramGrid, scale: GreyScale, signal: AbortSignal | undefined) {
  const [nz, ny, nx] = grid.shape;
  const edge = pieceEdge(grid);
  const read = createRegionReader(grid, scale);
  const at = (fraction: number, length: number) => Math.round(fraction * (length - edge));
  const cubes = new Float32Array(PIECES * edge ** 3);
  for (let i = 0; i < PIECES; i++) {
    throwIfAborted(signal);
    const corner = [at(0.5, nz), at((Math.floor(i / 4) + 0.5) / 2, ny), at(((i % 4) + 0.5) / 4, nx)] as const;
    cubes.set(await read(corner, edge), i * edge ** 3);
  }
  return cubes;
}

/** Whether protein is dark in the file, and how that is known. */
export interface Contrast {
  readonly dark: boolean;
  readonly reason: string;
}

/** Examples are believed from this brightness or darkness at their centres on, in standard deviations of their boxes. */
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

/** How grey values become zero mean, unit variance and protein positive. */
export function greyScale(
  { mean, deviation }: Pick<TomogramGreys, "mean" | "deviation">,
  { dark }: Pick<Contrast, "dark">,
): GreyScale {
  return { mean, scale: deviation > 0 ? (dark ? -1 : 1) / deviation : 0 };
}
