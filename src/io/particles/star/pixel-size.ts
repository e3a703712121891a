/** What the pixels of a STAR list measure, wherever RELION 3.0 to 5, Warp, M and template matching put it. */
import { FormatError } from "../../../errors.js";
import { numberColumn } from "../../text/star/document.js";
import { numbersOf, type ParticleSource } from "./source.js";

/** Pixel sizes as a list states them, one for each row. */
export interface StatedPixelSizes {
  readonly valuesAngstrom: Float64Array;
  /** That of the first row; of a list without rows, of the first optics group. */
  readonly firstAngstrom: number;
  /** The column that states it, for messages. */
  readonly label: string;
}

/** What the coordinates count in, in the order in which RELION looks: tilt series, then micrographs (tomograms). */
const COORDINATE_LABELS = ["rlnTomoTiltSeriesPixelSize", "rlnMicrographPixelSize", "rlnMicrographOriginalPixelSize"];

/** Columns of pixel sizes whose meaning is in `ParticleList`, where the particle table itself holds them. */
export const PIXEL_SIZE_LABELS: ReadonlySet<string> = new Set([...COORDINATE_LABELS, "rlnImagePixelSize"]);

/**
 * Pixel size of the coordinates: of the tilt series or micrograph where it is stated, else that of the particle images.
 * @returns undefined when the file does not say it; `warnings` tell what was assumed, and what contradicts it.
 * @throws FormatError for a size that is not a positive number.
 */
export function coordinatePixelSizes(source: ParticleSource): {
  readonly sizes: StatedPixelSizes | undefined;
  readonly warnings: readonly string[];
} {
  const images = imagePixelSizes(source);
  if (isOfWarpTools(source) && images.sizes) return warpToolsPixels(images.sizes);
  const [sizes, ...others] = COORDINATE_LABELS.flatMap((label) => statedSizes(source, label) ?? []);
  if (sizes === undefined) return coordinatesOfImages(source, images);
  // That images of extracted particles are binned is nothing odd, unless "original" may mean the movies' pixels.
  const doubtful = sizes.label === "rlnMicrographOriginalPixelSize" && images.sizes ? [images.sizes] : [];
  return { sizes, warnings: contradictions(sizes, [...others, ...doubtful], "coordinates count in") };
}

/** WarpTools' lists of 2-D stacks: RELION's columns, but coordinates in the pixels of the exported images. */
function isOfWarpTools({ table, general }: ParticleSource): boolean {
  const areStacks = general?.columns.get("rlnTomoSubTomosAre2DStacks")?.at(0) === "1";
  return areStacks && (table.columns.get("rlnTomoName")?.at(0)?.endsWith(".tomostar") ?? false);
}

function warpToolsPixels(sizes: StatedPixelSizes) {
  const pixel = `${rounded(sizes.firstAngstrom)} Å`;
  const warning = `WarpTools counts coordinates in the pixels of the images that it exports (${pixel}), not in those of the tilt series; --voxel-size says otherwise`;
  return { sizes, warnings: [warning] };
}

function coordinatesOfImages(source: ParticleSource, images: ReturnType<typeof imagePixelSizes>) {
  const { sizes } = images;
  const binning = sizes?.label === "rlnImagePixelSize" ? statedSizes(source, "rlnTomoSubtomogramBinning") : undefined;
  if (sizes && binning) {
    const valuesAngstrom = sizes.valuesAngstrom.map((size, i) => size / binning.valuesAngstrom[i]);
    const label = `${sizes.label} and ${binning.label}`;
    return {
      sizes: { valuesAngstrom, firstAngstrom: sizes.firstAngstrom / binning.firstAngstrom, label },
      warnings: [],
    };
  }
  const assumed = sizes ? ["the pixel size of the particle images is taken as that of their coordinates"] : [];
  return { sizes, warnings: [...images.warnings, ...assumed] };
}

/** Pixel size of the particle images, in the order in which RELION looks for it. */
export function imagePixelSizes(source: ParticleSource): {
  readonly sizes: StatedPixelSizes | undefined;
  readonly warnings: readonly string[];
} {
  const stated = [
    statedSizes(source, "rlnImagePixelSize"),
    binnedTiltSeries(source),
    magnifiedDetector(source),
    statedSizes(source, "rlnPixelSize"),
  ].filter((sizes) => sizes !== undefined);
  const [sizes, ...others] = stated;
  if (sizes) return { sizes, warnings: contradictions(sizes, others, "the particle images count in") };
  const detector = statedSizes(source, "rlnDetectorPixelSize");
  if (!detector) return { sizes: undefined, warnings: [] };
  const reason = `${detector.label} (${rounded(detector.firstAngstrom)}) is without rlnMagnification and taken as Å`;
  return { sizes: detector, warnings: [`${reason}; --voxel-size says otherwise`] };
}

/** RELION 4 and 5: pixels of the tilt series times the binning of the subtomograms. */
function binnedTiltSeries(source: ParticleSource): StatedPixelSizes | undefined {
  const pixels = statedSizes(source, "rlnTomoTiltSeriesPixelSize");
  const binning = statedSizes(source, "rlnTomoSubtomogramBinning");
  if (!pixels || !binning) return undefined;
  return {
    valuesAngstrom: pixels.valuesAngstrom.map((size, i) => size * binning.valuesAngstrom[i]),
    firstAngstrom: pixels.firstAngstrom * binning.firstAngstrom,
    label: `${pixels.label} and ${binning.label}`,
  };
}

/** RELION 3.0: micrometre on the detector over magnification; there are 1e4 Å in a micrometre. */
function magnifiedDetector(source: ParticleSource): StatedPixelSizes | undefined {
  const detector = statedSizes(source, "rlnDetectorPixelSize");
  const magnification = statedSizes(source, "rlnMagnification");
  if (!detector || !magnification) return undefined;
  return {
    valuesAngstrom: detector.valuesAngstrom.map((size, i) => (1e4 * size) / magnification.valuesAngstrom[i]),
    firstAngstrom: (1e4 * detector.firstAngstrom) / magnification.firstAngstrom,
    label: `${detector.label} and ${magnification.label}`,
  };
}

/** Ten centimetres in Å: products and quotients of what is larger, or smaller than its inverse, may be infinite. */
const BEYOND_ALL_SIZES = 1e9;

/** A column of sizes: of each row's optics group, as RELION 3.1 and later read it, else of the particle table itself. */
function statedSizes(source: ParticleSource, label: string): StatedPixelSizes | undefined {
  const { table, optics, where } = source;
  const [groups, place] = optics?.columns.has(label) ? [optics, "data_optics"] : [undefined, where];
  const stated = groups ? numberColumn(groups, label, place) : numbersOf(source, label);
  if (!stated || stated.length === 0) return undefined;
  const wrong = stated.findIndex((value) => !(value > 1 / BEYOND_ALL_SIZES && value < BEYOND_ALL_SIZES));
  if (wrong >= 0)
    throw new FormatError(
      `${label} in row ${wrong + 1} is ${stated[wrong]}, not a positive number of possible size`,
      place,
      {
        hint: "Correct it, or give the pixel size in Å (--voxel-size).",
      },
    );
  const valuesAngstrom = groups ? sizesOfGroups(source, stated, label) : stated;
  return { valuesAngstrom, firstAngstrom: table.rowCount > 0 ? valuesAngstrom[0] : stated[0], label };
}

function sizesOfGroups({ table, optics, where }: ParticleSource, sizes: Float64Array, label: string): Float64Array {
  const groups = optics!.columns.get("rlnOpticsGroup");
  const rows = table.columns.get("rlnOpticsGroup");
  if (!rows || !groups) {
    if (sizes.some((size) => size !== sizes[0]))
      throw new FormatError(`the optics groups differ in ${label}, and rows do not say their rlnOpticsGroup`, where);
    return new Float64Array(table.rowCount).fill(sizes[0]);
  }
  const byGroup = new Map([...groups].map((group, i) => [group, sizes[i]]));
  const values = new Float64Array(table.rowCount);
  for (let row = 0; row < values.length; row++) {
    const size = byGroup.get(rows.at(row)!);
    if (size === undefined)
      throw new FormatError(`optics group ${rows.at(row)} of row ${row + 1} is not in the optics table`, where);
    values[row] = size;
  }
  return values;
}

/** Headers round pixel sizes; what differs by more than this fraction is different. */
const SAME_PIXEL_SIZE = 0.005;

function contradictions(taken: StatedPixelSizes, others: readonly StatedPixelSizes[], what: string): string[] {
  return others
    .filter(({ valuesAngstrom: values, firstAngstrom }) => {
      const differ = (a: number, b: number) => Math.abs(a / b - 1) > SAME_PIXEL_SIZE;
      return differ(firstAngstrom, taken.firstAngstrom) || values.some((v, i) => differ(v, taken.valuesAngstrom[i]));
    })
    .map(
      ({ label, firstAngstrom: other }) =>
        `${what} ${taken.label} (${rounded(taken.firstAngstrom)} Å), not in ${label} (${rounded(other)} Å); --voxel-size says otherwise`,
    );
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
