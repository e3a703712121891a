/** Where the particles of a STAR list are, whatever its coordinates count in and from. */
import { ConfigError } from "../../../errors.js";
import { rotateVector, type Vector3 } from "../../../volume/index.js";
import { eachRow, type Steps } from "../../steps.js";
import type { ParticleList } from "../model/particle-list.js";
import {
  ALL_WITHIN_ONE,
  type PlacementOptions,
  plus,
  scaled,
  tomogramSize,
  voxelSizeOfList,
} from "../model/placement.js";
import { originsOfImages } from "./image-origins.js";
import { coordinatePixelSizes } from "./pixel-size.js";
import { numbersOf, type ParticleSource, rotationsOf, type VectorColumns, vectorsOf } from "./source.js";

export interface StarPositions {
  /** In Å, with the origins subtracted; undefined where the list has no coordinates. */
  readonly positions: readonly Vector3[] | undefined;
  /** The origins that were subtracted, in Å along the tomogram's axes; undefined where all are 0 or rows have no images. */
  readonly imageOrigins: readonly Vector3[] | undefined;
  readonly origin: ParticleList["origin"];
  /** What coordinates in pixels count in, when it is the same for all rows. */
  readonly pixelSizeAngstrom: number | undefined;
  /** Of each row, when it is not. */
  readonly pixelSizesAngstrom: Float64Array | undefined;
  readonly warnings: readonly string[];
}

/**
 * RELION 5's centred coordinates, else pixels, else M's first point in time, in Å.
 * @throws FormatError for text that is not a number; ConfigError where a pixel size or tomogram size is needed and not known.
 */
export function* readPositions(source: ParticleSource, options: PlacementOptions): Steps<StarPositions> {
  const { table, where } = source;
  const isSized = options.tomogramSizesAngstrom !== undefined || options.tomogramSizeAngstrom !== undefined;
  const centred = vectorsOf(source, (axis) => `rlnCenteredCoordinate${axis}Angst`);
  const pixels = centred ? undefined : vectorsOf(source, (axis) => `rlnCoordinate${axis}`);
  const ofM = centred || pixels ? undefined : vectorsOf(source, (axis) => `wrpCoordinate${axis}1`);
  const coordinates = centred ?? pixels ?? ofM;
  yield;
  const shiftsAngstrom = vectorsOf(source, (axis) => `rlnOrigin${axis}Angst`);
  const shiftsPixels = shiftsAngstrom ? undefined : vectorsOf(source, (axis) => `rlnOrigin${axis}`);
  const shifts = shiftsAngstrom ?? shiftsPixels;
  yield;
  const inPixels = pixels !== undefined || (coordinates !== undefined && shiftsPixels !== undefined);
  const { sizes, warnings, isFraction, ...pixelSizes } = usedPixelSizes(source, { pixels, inPixels }, options);
  if (!coordinates) {
    const imageOrigins = yield* originsOfImages(source, shiftsAngstrom);
    return { positions: undefined, imageOrigins, origin: "first-voxel", ...pixelSizes, warnings: [] };
  }
  const names = table.columns.get("rlnTomoName") ?? table.columns.get("rlnMicrographName");
  const sizeOf = (row: number) => tomogramSize(names?.at(row), options, where);
  const frames = yield* rotationsOf(source, (angle) => `rlnTomoSubtomogram${angle}`);
  const origins = table.columns.has("rlnImageName") && shifts ? new Array<Vector3>(table.rowCount) : undefined;
  let isShifted = false;
  const positions = yield* eachRow(table.rowCount, (row): Vector3 => {
    const coordinate = vectorAt(coordinates, row);
    let position = coordinate;
    if (isFraction) position = ofFraction(coordinate, sizeOf(row), options.tomogramVoxelSizeAngstrom ?? sizes![row]);
    else if (pixels) position = scaled(coordinate, sizes![row]);
    if (shifts) {
      let shift = vectorAt(shifts, row);
      if (shiftsPixels) shift = scaled(shift, sizes![row]);
      if (frames) shift = rotateVector(frames[row], shift);
      position = plus(position, shift, -1);
      if (origins) origins[row] = shift;
      isShifted ||= shift.x !== 0 || shift.y !== 0 || shift.z !== 0;
    }
    return centred && isSized ? plus(position, sizeOf(row), 0.5) : position;
  });
  return {
    positions,
    imageOrigins: isShifted ? origins : undefined,
    origin: centred && !isSized ? "tomogram-centre" : "first-voxel",
    ...pixelSizes,
    warnings: [...warnings, ...(ofM ? laterTimes(source) : [])],
  };
}

/** Pixel size of every row where positions need it, and whether coordinates are fractions of the tomogram instead. */
function usedPixelSizes(
  source: ParticleSource,
  { pixels, inPixels }: { readonly pixels: VectorColumns | undefined; readonly inPixels: boolean },
  options: PlacementOptions,
) {
  const { table, where } = source;
  const { voxelSizeAngstrom: given, tomogramVoxelSizeAngstrom: ofTomogram } = options;
  const stated = coordinatePixelSizes(source);
  const first = stated.sizes?.firstAngstrom;
  const values = given === undefined ? stated.sizes?.valuesAngstrom : undefined;
  const pixelSizesAngstrom = values?.some((value) => value !== first) ? values : undefined;
  const common = (size: number | undefined) => (pixelSizesAngstrom ? undefined : size);
  if (!inPixels || table.rowCount === 0) {
    const pixelSizeAngstrom = common(given ?? first);
    return { sizes: undefined, pixelSizeAngstrom, pixelSizesAngstrom, warnings: [], isFraction: false };
  }
  if (given === undefined && first === undefined && ofTomogram === undefined)
    throw pixels && areFractions(pixels) ? fractionsWithoutSize(where) : unknownPixelSize(where);
  // Pixels of the tilt series are not those of a binned tomogram, and need not be.
  const tomogramVoxelSizeAngstrom = first === undefined ? ofTomogram : undefined;
  const size = voxelSizeOfList(first, { voxelSizeAngstrom: given, tomogramVoxelSizeAngstrom }, where);
  const sizes = values ?? new Float64Array(table.rowCount).fill(size.voxelSizeAngstrom);
  const isFractional = pixels !== undefined && areFractions(pixels);
  const isSized = options.tomogramSizesAngstrom !== undefined || options.tomogramSizeAngstrom !== undefined;
  // Pixels that both the list and the user state are pixels; else no list is of the first voxel alone.
  const isFraction = isFractional && isSized && (first === undefined || given === undefined);
  const assumptions = given === undefined ? stated.warnings : [];
  return {
    sizes,
    pixelSizeAngstrom: common(size.voxelSizeAngstrom),
    pixelSizesAngstrom,
    isFraction,
    warnings: [...assumptions, ...size.warnings, ...(isFractional ? [fractionWarning(isFraction, first)] : [])],
  };
}

/** Whether all coordinates are from 0 to 1 and some are broken numbers, as those of Warp's template matching. */
function areFractions(coordinates: VectorColumns): boolean {
  const axes = Object.values(coordinates);
  return (
    axes.every((values) => values.every((value) => value >= 0 && value <= 1)) &&
    axes.some((values) => values.some((value) => !Number.isInteger(value)))
  );
}

function vectorAt({ x, y, z }: VectorColumns, row: number): Vector3 {
  return { x: x[row], y: y[row], z: z[row] };
}

/** Warp counts in fractions of the tomogram's last index, which is its size less one. */
function ofFraction({ x, y, z }: Vector3, size: Vector3, voxelSizeAngstrom: number): Vector3 {
  const length = (edge: number) => edge - voxelSizeAngstrom;
  return { x: x * length(size.x), y: y * length(size.y), z: z * length(size.z) };
}

function fractionWarning(isFraction: boolean, statedAngstrom: number | undefined): string {
  if (!isFraction)
    return `${ALL_WITHIN_ONE}, which is inside the first voxel: if they are fractions of the tomogram, as Warp's template matching writes them, give the tomogram (--tomogram) and no pixel size`;
  const taken = `${ALL_WITHIN_ONE} and are taken as fractions of the tomogram's size, as Warp's template matching writes them`;
  return statedAngstrom === undefined
    ? taken
    : `${taken}, not in the pixels of ${statedAngstrom} Å that the list states; --voxel-size ${statedAngstrom} says that they are pixels`;
}

function fractionsWithoutSize(where: string): ConfigError {
  return new ConfigError(`${ALL_WITHIN_ONE}: fractions of a tomogram whose size is not known`, {
    where,
    hint: "Warp's template matching writes fractions: give the tomogram (--tomogram), or its size and voxel size (--size x,y,z with --voxel-size).",
  });
}

function unknownPixelSize(where: string): ConfigError {
  return new ConfigError("coordinates are in pixels and the file does not say how large a pixel is", {
    where,
    hint: "Give the pixel size in Å (--voxel-size), or add rlnImagePixelSize to the optics table.",
  });
}

/** M follows particles through an exposure; a list has one position each. */
function laterTimes(source: ParticleSource): string[] {
  let times = 1;
  while (numbersOf(source, `wrpCoordinateX${times + 1}`)) times++;
  if (times === 1) return [];
  return [`M's list follows the particles through ${times} points in time: position and angles are those of the first`];
}
