import { ConfigError, FormatError } from "../../../errors.js";
import { multiplyQuaternions, type Quaternion, rotateVector, type Vector3 } from "../../../volume/index.js";
import { findTable, numberColumn, type StarDocument, type StarTable, textColumn } from "../../text/star/document.js";
import { KNOWN_COLUMNS } from "../../text/star/known-columns.js";
import { parseStar } from "../../text/star/parse.js";
import { quaternionFromRelionAngles } from "../model/euler.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { plus, scaled, tomogramSize } from "../model/placement.js";

/** What a RELION list leaves open. */
export interface ReadParticlesOptions {
  /** Named in messages. */
  readonly name?: string;
  /** Overrides the pixel size that coordinates and origins in pixels count in. */
  readonly coordinatePixelSizeAngstrom?: number | undefined;
  /** Edge lengths of each tomogram, from `readTomogramSizes`; turns RELION 5's centred positions into positions from the first voxel. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** Edge lengths of the tomograms that `tomogramSizesAngstrom` does not name. */
  readonly tomogramSizeAngstrom?: Vector3 | undefined;
}

/**
 * A RELION particle list: 3.0 (one table), 3.1 (optics groups; Warp and M write it, too), 4 and 5 (tomograms, centred
 * coordinates). Origins are subtracted, RELION 4/5 subtomogram orientations are composed into position and orientation:
 * R = R_subtomogram R_particle, position = coordinate - R_subtomogram origin.
 * @throws FormatError when there is no particle table, or a value in it is not a number.
 * @throws ConfigError when coordinates are in pixels and no pixel size is known.
 */
export function readParticles(source: string | StarDocument, options: ReadParticlesOptions = {}): ParticleList {
  const { name = "STAR" } = options;
  const document = typeof source === "string" ? parseStar(source, { name }) : source;
  const { table, where } = particleTable(document, name);
  const optics = findTable(document, "optics");
  const general = findTable(document, "general");
  const warnings: string[] = [];
  const imageSizes = imagePixelSizes(table, optics, where);
  const { positions, origin, pixelSize } = readPositions(table, optics, { ...options, where, warnings });
  const orientations = readOrientations(table, where);
  const framed = table.columns.has("rlnTomoSubtomogramRot");
  if (framed && table.columns.has("rlnAngleTiltPrior"))
    warnings.push("angle priors refer to the subtomograms' own orientation and are left out");
  const scores = readScores(table);
  /** Whether a column's content is in a field of its own, and so must not be repeated in `extra`. */
  const isUnderstood = (column: string): boolean => {
    if (column === "rlnMicrographName") return !table.columns.has("rlnTomoName");
    if (framed && /^rlnAngle(Rot|Tilt|Psi)Prior$/.test(column)) return true;
    if (column === "rlnAutopickFigureOfMerit") return scores?.every(Number.isFinite) ?? false;
    if (!positions && /^rln(Coordinate|Origin)/.test(column)) return false;
    if (!orientations && column.startsWith("rlnAngle")) return false;
    return KNOWN_COLUMNS.has(column);
  };
  const text = (column: string) => table.columns.get(column);
  const [classNames, images, groups] = ["cosnetClassName", "rlnImageName", "rlnOpticsGroup"].map(text);
  const tomograms = text("rlnTomoName") ?? text("rlnMicrographName");
  const classes = numbers(table, "rlnClassNumber", where);
  const extras = [...table.columns].filter(([column]) => !isUnderstood(column));
  const particles = Array.from({ length: table.rowCount }, (_, i): Particle => {
    const voxelSize = imageSizes?.[i];
    return {
      ...(positions && { positionAngstrom: positions[i] }),
      ...(orientations && { orientation: orientations[i] }),
      ...(scores && Number.isFinite(scores[i]) && { score: scores[i] }),
      ...(classes && { classNumber: classes[i] }),
      ...(classNames && { className: classNames[i] }),
      ...(tomograms && { tomogramName: tomograms[i] }),
      ...(images && { imageName: images[i] }),
      ...(groups && { opticsGroup: groups[i] }),
      ...(voxelSize && { imageVoxelSizeAngstrom: voxelSize }),
      extra: Object.fromEntries(extras.map(([column, values]) => [column, values[i]])),
    };
  });
  const sizes = new Set(particles.map((particle) => particle.imageVoxelSizeAngstrom));
  return {
    particles,
    origin,
    voxelSizeAngstrom: sizes.size === 1 ? [...sizes][0] : undefined,
    coordinatePixelSizeAngstrom: pixelSize,
    ...(optics && { optics }),
    ...(general && { general }),
    warnings,
  };
}

/** RELION's and Warp's column of picks, else what template matching wrote; values that are not numbers say nothing. */
function readScores(table: StarTable): Float64Array | undefined {
  const column = ["rlnAutopickFigureOfMerit", "rlnLCCmax"].find((name) => table.columns.has(name));
  return column === undefined ? undefined : Float64Array.from(table.columns.get(column)!, Number);
}

/** Edge lengths in Angstrom by tomogram name, from a RELION 4 or 5 tomograms.star. */
export function readTomogramSizes(
  source: string | StarDocument,
  { name = "STAR" }: { name?: string } = {},
): Map<string, Vector3> {
  const document = typeof source === "string" ? parseStar(source, { name }) : source;
  const table = findTable(document, "global");
  if (!table) throw new FormatError("there is no data_global table", name, { hint: "Give RELION's tomograms.star." });
  const where = `${name}, data_global`;
  const [x, y, z] = ["X", "Y", "Z"].map((axis) => numberColumn(table, `rlnTomoSize${axis}`, where));
  const pixelSizes = numberColumn(table, "rlnTomoTiltSeriesPixelSize", where);
  const names = textColumn(table, "rlnTomoName", where);
  return new Map(names.map((tomogram, i) => [tomogram, scaled({ x: x[i], y: y[i], z: z[i] }, pixelSizes[i])]));
}

/** The table that lists particles: of RELION's name if there is one, else the first with images or coordinates. */
function particleTable(document: StarDocument, name: string): { table: StarTable; where: string } {
  const wanted = ["rlnImageName", "rlnCoordinateX", "rlnCenteredCoordinateXAngst"];
  const block =
    document.blocks.find((candidate) => candidate.name === "particles" && candidate.tables.length > 0) ??
    document.blocks.find(({ tables }) => tables[0]?.kind === "loop" && wanted.some((c) => tables[0].columns.has(c)));
  if (block) return { table: block.tables[0], where: `${name}, data_${block.name}` };
  throw new FormatError("there is no particle table", name, {
    hint: `Expected data_particles with _rlnImageName or coordinates; the file has ${document.blocks.map((b) => `data_${b.name}`).join(", ") || "no data blocks"}.`,
  });
}

interface PositionOptions extends ReadParticlesOptions {
  readonly where: string;
  readonly warnings: string[];
}

function readPositions(table: StarTable, optics: StarTable | undefined, options: PositionOptions) {
  const { where } = options;
  const sized = options.tomogramSizesAngstrom !== undefined || options.tomogramSizeAngstrom !== undefined;
  const pixelSizes = coordinatePixelSizes(table, optics, options);
  const pixelSize = pixelSizes?.[0];
  const centred = vectors(table, (axis) => `rlnCenteredCoordinate${axis}Angst`, where);
  const pixels = centred ? undefined : vectors(table, (axis) => `rlnCoordinate${axis}`, where);
  if (!centred && !pixels) return { positions: undefined, origin: "first-voxel" as const, pixelSize };
  const originsAngstrom = vectors(table, (axis) => `rlnOrigin${axis}Angst`, where);
  const originsPixels = originsAngstrom ? undefined : vectors(table, (axis) => `rlnOrigin${axis}`, where);
  if ((pixels || originsPixels) && !pixelSizes)
    throw new ConfigError("coordinates are in pixels and the file does not say how large a pixel is", {
      where,
      hint: "Give the pixel size in Å (--voxel-size), or add rlnImagePixelSize to the optics table.",
    });
  const frames = rotations(table, "rlnTomoSubtomogram", where);
  const tomograms = table.columns.get("rlnTomoName");
  const positions = Array.from({ length: table.rowCount }, (_, i): Vector3 => {
    let position = centred ? centred[i] : scaled(pixels![i], pixelSizes![i]);
    let shift = originsAngstrom?.[i] ?? (originsPixels ? scaled(originsPixels[i], pixelSizes![i]) : undefined);
    if (shift) {
      if (frames) shift = rotateVector(frames[i], shift);
      position = plus(position, shift, -1);
    }
    return centred && sized ? plus(position, tomogramSize(tomograms?.[i], options, where), 0.5) : position;
  });
  const origin = centred && !sized ? ("tomogram-centre" as const) : ("first-voxel" as const);
  return { positions, origin, pixelSize };
}

/** Pixel size of each row's coordinates, from the first of the columns that RELION and Warp versions have used. */
function coordinatePixelSizes(table: StarTable, optics: StarTable | undefined, options: PositionOptions) {
  const { coordinatePixelSizeAngstrom: override, where, warnings } = options;
  if (override !== undefined) {
    if (!(override > 0)) throw new ConfigError(`a pixel size must be a positive number (Å), got ${override}`);
    return new Float64Array(table.rowCount).fill(override);
  }
  const exact = opticsColumn(table, optics, ["rlnTomoTiltSeriesPixelSize", "rlnMicrographPixelSize"]);
  if (exact) return exact;
  const images = imagePixelSizes(table, optics, where);
  if (images && table.columns.has("rlnCoordinateX"))
    warnings.push("the pixel size of the particle images is taken as that of their coordinates");
  return images;
}

/** Pixel size of each row's image. */
function imagePixelSizes(table: StarTable, optics: StarTable | undefined, where: string): Float64Array | undefined {
  const stated = opticsColumn(table, optics, ["rlnImagePixelSize"]) ?? numbers(table, "rlnPixelSize", where);
  if (stated) return stated;
  const detector = numbers(table, "rlnDetectorPixelSize", where);
  const magnification = numbers(table, "rlnMagnification", where);
  if (!detector || !magnification) return undefined;
  // Micrometre on the detector over magnification: 1e4 Angstrom in a micrometre.
  return detector.map((value, i) => (1e4 * value) / magnification[i]);
}

/** A value of each row's optics group, or undefined when the column or a group is missing. */
function opticsColumn(table: StarTable, optics: StarTable | undefined, columns: readonly string[]) {
  const column = columns.find((candidate) => optics?.columns.has(candidate));
  if (!optics || !column) return undefined;
  const values = numberColumn(optics, column, "data_optics");
  const groups = optics.columns.get("rlnOpticsGroup") ?? [];
  const byGroup = new Map(groups.map((group, i) => [group, values[i]]));
  const rows = table.columns.get("rlnOpticsGroup");
  if (!rows) return new Float64Array(table.rowCount).fill(values[0] ?? Number.NaN);
  return Float64Array.from(rows, (group, i) => {
    const value = byGroup.get(group);
    if (value === undefined)
      throw new FormatError(`optics group ${group} of row ${i + 1} is not in the optics table`, "data_particles");
    return value;
  });
}

function readOrientations(table: StarTable, where: string): Quaternion[] | undefined {
  const particles = rotations(table, "rlnAngle", where);
  const frames = rotations(table, "rlnTomoSubtomogram", where);
  if (!frames || !particles) return frames ?? particles;
  return frames.map((frame, i) => multiplyQuaternions(frame, particles[i]));
}

function rotations(table: StarTable, prefix: string, where: string): Quaternion[] | undefined {
  const [rot, tilt, psi] = ["Rot", "Tilt", "Psi"].map((angle) => numbers(table, `${prefix}${angle}`, where));
  if (!rot || !tilt || !psi) return undefined;
  return Array.from(rot, (rotDegrees, i) =>
    quaternionFromRelionAngles({ rotDegrees, tiltDegrees: tilt[i], psiDegrees: psi[i] }),
  );
}

function vectors(table: StarTable, column: (axis: string) => string, where: string): Vector3[] | undefined {
  const [x, y, z] = ["X", "Y", "Z"].map((axis) => numbers(table, column(axis), where));
  if (!x || !y || !z) return undefined;
  return Array.from(x, (value, i) => ({ x: value, y: y[i], z: z[i] }));
}

function numbers(table: StarTable, column: string, where: string): Float64Array | undefined {
  return table.columns.has(column) ? numberColumn(table, column, where) : undefined;
}
