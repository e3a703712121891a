import { throwIfAborted } from "../../errors.js";
import { createRegionReader, type GreyScale, type TomogramGrid } from "../../files/tomogram/index.js";
import {
  type Adaptation,
  type Contrast,
  decideContrast,
  greyStatistics,
  measureAdaptationSteps,
  noAdaptation,
  type StatedContrast,
  statedOrMeasured,
} from "../../infer/index.js";
import { stoppable } from "../../progress.js";
import { recalled, type SearchMemory } from "./memory.js";
import type { SearchSettings } from "./options.js";
import { tomogramSkewness } from "./skewness.js";

/** What a tomogram is like, and what follows for how the networks are to see it. */
export interface Measured {
  readonly greys: TomogramGreys;
  readonly contrast: Contrast;
  readonly scale: GreyScale;
  readonly adaptation: Adaptation;
}

/** Where what is measured of a tomogram may be known already. */
export interface Measuring {
  /** That of the tomogram: it names its file as it is now, and how it is read. */
  readonly workFolder: string;
  readonly memory?: SearchMemory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a tomogram before it is searched.
 * @param known the contrast, where examples have shown it
 * @throws FileError, AbortError.
 */
export async function measureTomogram(
  grid: TomogramGrid,
  known: Contrast | undefined,
  { inverted, adapt, ...measuring }: Pick<SearchSettings, "inverted" | "adapt"> & Measuring,
): Promise<Measured> {
  const greys = await tomogramGreys(grid, measuring);
  const measured = known ?? decideContrast({ boxes: [], what: "examples", skewness: greys.skewness });
  const contrast = statedOrMeasured(toldContrast(inverted, "invert"), measured);
  const scale = greyScale(greys, contrast);
  return {
    greys,
    contrast,
    scale,
    adaptation: adapt ? await tomogramAdaptation(grid, scale, measuring) : noAdaptation,
  };
}

/** What an option such as `--invert` or `--no-invert` says. */
export function toldContrast(
  dark: boolean | undefined,
  option: "invert" | "invert-examples",
): StatedContrast | undefined {
  return dark === undefined ? undefined : { dark, by: `--${dark ? "" : "no-"}${option}` };
}

/** "dark protein, measured: ...". */
export function contrastText({ dark, reason }: Contrast): string {
  return `${dark ? "dark" : "bright"} protein, ${reason}`;
}

/** The warning of a contrast that is in doubt. @param where the tomogram or list. */
export function contrastWarnings(
  { doubt }: Contrast,
  where: string,
  option: "invert" | "invert-examples" = "invert",
): string[] {
  return doubt === undefined ? [] : [`${where}: ${doubt}. Say which it is with --${option} or --no-${option}`];
}

/** What is known of a tomogram's grey values before it is searched. */
export interface TomogramGreys {
  readonly mean: number;
  readonly deviation: number;
  readonly paddingShare: number;
  /** Median of the blurred skewness of pieces of the tomogram: positive where protein is bright. */
  readonly skewness: number;
}

const SAMPLED_SECTIONS = 48;
const SAMPLED_VOXELS = 2_000_000;
const PIECE_EDGE = 64;
const PIECES = 8;
/** Pieces of fewer voxels tell too little of directions in Fourier space. */
const SMALLEST_PIECE = 24;

/** Robust grey statistics from sections spread evenly over the tomogram, and skewness from pieces of it. */
export function tomogramGreys(grid: TomogramGrid, { workFolder, memory, signal }: Measuring): Promise<TomogramGreys> {
  return recalled(memory, `greys ${workFolder} ${grid.voxelSizeAngstrom}`, () => measureGreys(grid, signal));
}

async function measureGreys(grid: TomogramGrid, signal: AbortSignal | undefined): Promise<TomogramGreys> {
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
  const skewness = await tomogramSkewness(grid, grid.voxelSizeAngstrom, signal);
  return { mean, deviation, paddingShare, skewness };
}

/**
 * What the tomogram needs before the networks see it, measured on pieces spread over it.
 * @throws AbortError.
 */
export async function tomogramAdaptation(
  grid: TomogramGrid,
  scale: GreyScale,
  { workFolder, memory, signal }: Measuring,
): Promise<Adaptation> {
  const edge = pieceEdge(grid);
  if (edge < SMALLEST_PIECE) return noAdaptation;
  const key = `adaptation ${workFolder} ${grid.voxelSizeAngstrom} ${JSON.stringify(scale)}`;
  return recalled(memory, key, async () =>
    stoppable(measureAdaptationSteps(await readPieces(grid, scale, signal), edge), signal),
  );
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
    cubes.set(await read(corner, [edge, edge, edge]), i * edge ** 3);
  }
  return cubes;
}

/** How grey values become zero mean, unit variance and protein positive. */
export function greyScale(
  { mean, deviation }: Pick<TomogramGreys, "mean" | "deviation">,
  { dark }: Pick<Contrast, "dark">,
): GreyScale {
  return { mean, scale: deviation > 0 ? (dark ? -1 : 1) / deviation : 0 };
}
