import { multiplyQuaternions, type Quaternion, type Vector3 } from "../../../volume/index.js";
import { allAtOnce, eachRow, type Steps } from "../../steps.js";
import { parseDecimal } from "../../text/number.js";
import { arrayTable, type StarColumn, type StarDocument } from "../../text/star/document.js";
import { scanStar } from "../../text/star/scan.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { tomogramNameOf } from "../model/tomogram-name.js";
import { KNOWN_COLUMNS } from "./known-columns.js";
import { imagePixelSizes, PIXEL_SIZE_LABELS } from "./pixel-size.js";
import { readPositions } from "./positions.js";
import { numbersOf, type ParticleSource, particleSource, rotationsOf, sharedTexts } from "./source.js";

/** What a RELION list leaves open. */
export interface ReadParticlesOptions {
  /** Named in messages. */
  readonly name?: string;
  /** Overrides the pixel size that coordinates and origins in pixels count in. */
  readonly coordinatePixelSizeAngstrom?: number | undefined;
  /** What they count in where neither the list nor `coordinatePixelSizeAngstrom` says it: the tomogram's voxels. */
  readonly tomogramVoxelSizeAngstrom?: number | undefined;
  /** Edge lengths of each tomogram, from `readTomogramSizes`; turns RELION 5's centred positions into positions from the first voxel. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** Edge lengths of the tomograms that `tomogramSizesAngstrom` does not name. */
  readonly tomogramSizeAngstrom?: Vector3 | undefined;
}

/**
 * A RELION particle list: 3.0 (one table), 3.1 (optics groups; Warp and M write it, too), 4 and 5 (tomograms, centred
 * coordinates); and M's own list. Origins are subtracted, RELION 4/5 subtomogram orientations are composed into position and
 * orientation: R = R_subtomogram R_particle, position = coordinate - R_subtomogram origin.
 * @throws FormatError when there is no particle table, or a value in it is not a number.
 * @throws ConfigError when coordinates are in pixels and no pixel size is known.
 */
export function readParticles(
  document: string | StarDocument<StarColumn>,
  options: ReadParticlesOptions = {},
): ParticleList {
  const star = typeof document === "string" ? scanStar(document, options) : document;
  return allAtOnce(readParticlesSteps(star, options));
}

/** The same in steps. @throws FormatError, ConfigError as `readParticles`. */
export function* readParticlesSteps(
  document: StarDocument<StarColumn>,
  options: ReadParticlesOptions = {},
): Steps<ParticleList> {
  const { name = "STAR", coordinatePixelSizeAngstrom: voxelSizeAngstrom, ...placement } = options;
  const source = particleSource(document, name);
  const placed = yield* readPositions(source, { ...placement, voxelSizeAngstrom });
  const { positions, imageOrigins, origin, pixelSizeAngstrom, pixelSizesAngstrom, warnings } = placed;
  const images = imagePixelSizes(source).sizes;
  const isOneSize = images?.valuesAngstrom.every((size) => size === images.firstAngstrom) ?? false;
  const orientations = yield* readOrientations(source);
  const scores = readScores(source);
  const { optics, general } = source;
  const isFramed = source.table.columns.has("rlnTomoSubtomogramRot");
  const hasPriors = isFramed && source.table.columns.has("rlnAngleTiltPrior");
  return {
    particles: yield* assembleParticles(source, {
      ...{ positions, imageOrigins, orientations, scores, images: images?.valuesAngstrom, pixelSizesAngstrom },
      isUnderstood: (column) => {
        if (column === "rlnMicrographName") return !source.table.columns.has("rlnTomoName");
        if (isFramed && /^rlnAngle(Rot|Tilt|Psi)Prior$/.test(column)) return true;
        if (column === "rlnAutopickFigureOfMerit") return scores?.every(Number.isFinite) ?? false;
        if (PIXEL_SIZE_LABELS.has(column)) return positions !== undefined && isOneSize;
        if (!positions && /^rln(Coordinate|Origin)/.test(column))
          return imageOrigins !== undefined && /^rlnOrigin[XYZ]Angst$/.test(column);
        if (!orientations && column.startsWith("rlnAngle")) return false;
        return KNOWN_COLUMNS.has(column);
      },
    }),
    origin,
    voxelSizeAngstrom: isOneSize ? images?.firstAngstrom : undefined,
    coordinatePixelSizeAngstrom: pixelSizeAngstrom,
    ...(optics && { optics: arrayTable(optics) }),
    ...(general && { general: arrayTable(general) }),
    warnings: hasPriors
      ? [...warnings, "angle priors refer to the subtomograms' own orientation and are left out"]
      : warnings,
  };
}

/** What has been read of each row. */
interface ReadColumns {
  readonly positions: readonly Vector3[] | undefined;
  readonly imageOrigins: readonly Vector3[] | undefined;
  readonly orientations: readonly Quaternion[] | undefined;
  /** NaN where a row has none. */
  readonly scores: Float64Array | undefined;
  readonly images: Float64Array | undefined;
  readonly pixelSizesAngstrom: Float64Array | undefined;
  /** Whether a column's content is in a field of its own, and so must not be repeated in `extra`. */
  readonly isUnderstood: (column: string) => boolean;
}

function* assembleParticles(source: ParticleSource, read: ReadColumns): Steps<Particle[]> {
  const { positions, imageOrigins, orientations, scores, images, pixelSizesAngstrom } = read;
  const { columns, rowCount } = source.table;
  const textsOf = (column: string) => (columns.has(column) ? sharedTexts(columns.get(column)!) : undefined);
  const [classNames, imageNames, groups] = ["cosnetClassName", "rlnImageName", "rlnOpticsGroup"].map(textsOf);
  const tomograms = textsOf("rlnTomoName") ?? textsOf("rlnMicrographName") ?? sourcesOfM(source);
  const classes = numbersOf(source, "rlnClassNumber", { missing: "NaN" });
  const extras = [...columns.keys()].filter((column) => !read.isUnderstood(column));
  const extraTexts = extras.map((column) => textsOf(column)!);
  return yield* eachRow(rowCount, (row) => {
    const extra: Record<string, string> = {};
    for (let i = 0; i < extras.length; i++) extra[extras[i]] = extraTexts[i](row);
    // Set one after the other, in one order: objects of one shape are half as large as those put together by spreading.
    const particle: { -readonly [Field in keyof Particle]: Particle[Field] } = { extra };
    if (positions) particle.positionAngstrom = positions[row];
    if (orientations) particle.orientation = orientations[row];
    if (scores && Number.isFinite(scores[row])) particle.score = scores[row];
    if (classes) particle.classNumber = classes[row];
    if (classNames) particle.className = classNames(row);
    if (tomograms) particle.tomogramName = tomograms(row);
    if (imageNames) particle.imageName = imageNames(row);
    if (groups) particle.opticsGroup = groups(row);
    if (images) particle.imageVoxelSizeAngstrom = images[row];
    if (pixelSizesAngstrom) particle.coordinatePixelSizeAngstrom = pixelSizesAngstrom[row];
    if (imageOrigins) particle.imageOriginAngstrom = imageOrigins[row];
    return particle;
  });
}

/** M names the tilt series' file where others name the tomogram. */
function sourcesOfM({ table }: ParticleSource): ((row: number) => string) | undefined {
  const column = table.columns.get("wrpSourceName");
  if (!column) return undefined;
  const names = new Map<string, string>();
  return (row) => {
    const file = column.at(row)!;
    const name = names.get(file) ?? tomogramNameOf(file);
    names.set(file, name);
    return name;
  };
}

/** RELION's and Warp's column of picks, else what template matching wrote; values that are not numbers say nothing. */
function readScores({ table }: ParticleSource): Float64Array | undefined {
  const column = ["rlnAutopickFigureOfMerit", "rlnLCCmax"].find((name) => table.columns.has(name));
  if (column === undefined) return undefined;
  const texts = table.columns.get(column)!;
  return Float64Array.from({ length: texts.length }, (_, row) => {
    const plain = texts.plainNumberAt?.(row) ?? Number.NaN;
    return Number.isNaN(plain) ? (parseDecimal(texts.at(row)!) ?? Number.NaN) : plain;
  });
}

function* readOrientations(source: ParticleSource): Steps<readonly Quaternion[] | undefined> {
  const particles =
    (yield* rotationsOf(source, (angle) => `rlnAngle${angle}`)) ??
    (yield* rotationsOf(source, (angle) => `wrpAngle${angle}1`));
  const frames = yield* rotationsOf(source, (angle) => `rlnTomoSubtomogram${angle}`);
  if (!frames || !particles) return frames ?? particles;
  return frames.map((frame, row) => multiplyQuaternions(frame, particles[row]));
}
