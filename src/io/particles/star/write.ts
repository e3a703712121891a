import { ConfigError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import {
  numberColumn,
  type StarBlock,
  type StarColumn,
  type StarTable,
  starLoop,
  starPairs,
} from "../../text/star/document.js";
import { starPieces } from "../../text/star/write.js";
import { type Columns, columnOf, createColumns } from "../model/columns.js";
import { type RelionAngles, relionAnglesFromQuaternion } from "../model/euler.js";
import { tomogramNumbering } from "../model/numbering.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { plus, scoreText, tomogramSize } from "../model/placement.js";

/** The dialects of RELION's particle list. "warp" and "artiax" are RELION 3.0's with the names those programs ask for. */
export type RelionFormat = "relion3.0" | "relion3.1" | "relion4" | "relion5" | "warp" | "artiax";

/** The version of RELION that reads the list, and what it asks for. */
export interface WriteParticlesOptions {
  readonly format: RelionFormat;
  /** Edge lengths of each tomogram; needed when positions must move between first voxel and tomogram centre. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** Edge lengths of the tomograms that `tomogramSizesAngstrom` does not name. */
  readonly tomogramSizeAngstrom?: Vector3 | undefined;
  /** What coordinates in pixels shall count in, when it is not what the list's own do. */
  readonly coordinatePixelSizeAngstrom?: number | undefined;
  /** Lines at the head of the file: what made it, with which seed and parameters. */
  readonly comments?: readonly string[];
  /** For the optics table of a list that has none; RELION refuses lists without it. */
  readonly microscope?: MicroscopeOptions;
}

/** What sets the dialects apart. */
interface Dialect {
  /**
   * What RELION 3.1 and later write as a comment before each table. Older ones have no optics table: the pixel size is in every
   * row, and origins are in pixels.
   */
  readonly version: string | undefined;
  readonly tomogramColumn: "rlnTomoName" | "rlnMicrographName";
  /** Positions are in Angstrom from the tomogram's centre, and not in pixels from its first voxel. */
  readonly centred: boolean;
}

const OLD: Dialect = { version: undefined, tomogramColumn: "rlnMicrographName", centred: false };

const DIALECTS: Readonly<Record<RelionFormat, Dialect>> = {
  "relion3.0": OLD,
  warp: OLD,
  artiax: { ...OLD, tomogramColumn: "rlnTomoName" },
  "relion3.1": { ...OLD, version: "version 30001" },
  relion4: { version: "version 30001", tomogramColumn: "rlnTomoName", centred: false },
  relion5: { version: "version 50001", tomogramColumn: "rlnTomoName", centred: true },
};

/** What the optics table says of the microscope, where the list has no optics table of its own. */
export interface MicroscopeOptions {
  /** Default 300. */
  readonly kilovolt?: number;
  /** Default 2.7. */
  readonly sphericalAberrationMillimetre?: number;
  /** Default 0.1. */
  readonly amplitudeContrast?: number;
  /** Edge of the particle images in voxels. */
  readonly boxSize?: number;
}

/**
 * A particle list as a version of RELION, or a program that writes like one, reads it: RELION 3 and 4 count coordinates
 * in pixels from the first voxel, RELION 5 in Angstrom from the tomogram's centre. Origins are those of images that the
 * particle is not in the middle of, else zero, because positions hold them already; columns that cosnet does not know are written back as they were.
 * @throws ConfigError when the format needs a pixel size or tomogram sizes that are not known.
 */
export function writeParticles(list: ParticleList, options: WriteParticlesOptions): string {
  return [...particlePieces(list, options)].join("");
}

/** The same text piece by piece. @throws ConfigError as `writeParticles`. */
export function particlePieces(list: ParticleList, options: WriteParticlesOptions): Iterable<string> {
  const { format, comments = [] } = options;
  const { version, centred } = DIALECTS[format];
  const optics = version !== undefined;
  const versions = optics ? [version] : [];
  const blocks: StarBlock<StarColumn>[] = [];
  const general = list.general ?? (centred ? starPairs([["rlnTomoSubTomosAre2DStacks", "0"]]) : undefined);
  if (general && centred) blocks.push({ name: "general", comments: versions, tables: [general] });
  if (optics) blocks.push({ name: "optics", comments: versions, tables: [opticsOf(list, options)] });
  // Names come last: RELION 3 splits at the spaces of a quoted value, which there can shift no other column.
  const { columns, add, addExtra } = knownColumns(list, options);
  addExtra((column) => optics || column !== "rlnPixelSize");
  add("cosnetClassName", ({ className }) => className);
  const table = starLoop(columns);
  blocks.push({ name: optics ? "particles" : "", comments: versions, tables: [table] });
  const [first, ...rest] = blocks as [StarBlock<StarColumn>, ...StarBlock<StarColumn>[]];
  return starPieces({ blocks: [{ ...first, comments: [...comments, ...first.comments] }, ...rest] });
}

function knownColumns(list: ParticleList, options: WriteParticlesOptions): Columns {
  const { particles } = list;
  const { tomogramColumn, version, centred } = DIALECTS[options.format];
  const optics = version !== undefined;
  const table = createColumns(particles);
  const { columns, add } = table;
  const { length } = particles;
  const addNumber = (name: string, value: (row: number) => number) =>
    columns.push([name, columnOf(length, (row) => decimal(value(row)))]);
  /** In pixels of these sizes, or in Å. */
  const addOrigins = (pixelOf: ((row: number) => number | undefined) | undefined) => {
    for (const axis of ["x", "y", "z"] as const) {
      const name = `rlnOrigin${axis.toUpperCase()}${pixelOf ? "" : "Angst"}`;
      addNumber(name, (row) => (particles[row].imageOriginAngstrom?.[axis] ?? 0) / (pixelOf?.(row) ?? 1));
    }
  };
  if (length === 0) columns.push([tomogramColumn, []]);
  add(tomogramColumn, tomogramNames(particles, options.format));
  if (length === 0 || particles.some((particle) => particle.positionAngstrom)) {
    const pixelOf = centred || length === 0 ? () => undefined : pixelSizesOf(list, options);
    const positionOf = lastOf((row) => writtenPosition(particles[row], list, options, pixelOf(row)));
    for (const axis of ["x", "y", "z"] as const) {
      const upper = axis.toUpperCase();
      addNumber(
        centred ? `rlnCenteredCoordinate${upper}Angst` : `rlnCoordinate${upper}`,
        (row) => positionOf(row)[axis],
      );
    }
    addOrigins(optics ? undefined : pixelOf);
    if (!optics) {
      // Micrometre on the detector over magnification: with 10000 the number is the pixel size in Angstrom.
      addNumber("rlnMagnification", () => 10000);
      addNumber("rlnDetectorPixelSize", (row) => pixelOf(row)!);
    }
  } else if (optics && particles.some(({ imageOriginAngstrom }) => imageOriginAngstrom)) addOrigins(undefined);
  if (particles.some(({ orientation }) => orientation !== undefined)) {
    const anglesOf = lastOf((row) => anglesOrZero(particles[row]));
    addNumber("rlnAngleRot", (row) => anglesOf(row).rotDegrees);
    addNumber("rlnAngleTilt", (row) => anglesOf(row).tiltDegrees);
    addNumber("rlnAnglePsi", (row) => anglesOf(row).psiDegrees);
  }
  add("rlnImageName", (particle) => particle.imageName);
  const firstGroup = firstGroupOf(list);
  if (optics) add("rlnOpticsGroup", (particle) => particle.opticsGroup ?? firstGroup);
  if (particles.some(({ classNumber }) => classNumber !== undefined))
    add("rlnClassNumber", ({ classNumber }) => classNumber?.toString() ?? "nan");
  if (particles.some(({ score }) => score !== undefined))
    add("rlnAutopickFigureOfMerit", ({ score }) => (score === undefined ? "nan" : scoreText(score)));
  return table;
}

/** The value of a row, kept for the other columns of the row. */
function lastOf<Value>(value: (row: number) => Value): (row: number) => Value {
  let last: { readonly row: number; readonly value: Value } | undefined;
  return (row) => {
    if (last?.row !== row) last = { row, value: value(row) };
    return last.value;
  };
}

function anglesOrZero({ orientation }: Particle): RelionAngles {
  return orientation ? relionAnglesFromQuaternion(orientation) : { rotDegrees: 0, tiltDegrees: 0, psiDegrees: 0 };
}

/** Warp names the tilt series, not the volume; ArtiaX wants one prefix and a number. */
function tomogramNames(particles: readonly Particle[], format: RelionFormat) {
  if (format === "warp")
    return ({ tomogramName }: Particle) =>
      tomogramName && `${tomogramName.replace(/\.(mrc|rec|tomostar)$/i, "")}.tomostar`;
  if (format !== "artiax") return ({ tomogramName }: Particle) => tomogramName;
  const numbers = tomogramNumbering(particles);
  return ({ tomogramName }: Particle) =>
    tomogramName === undefined ? undefined : `tomo_${String(numbers.get(tomogramName)).padStart(4, "0")}`;
}

/** Pixels from the first voxel, or Angstrom from the tomogram's centre (RELION 5). */
function writtenPosition(
  { positionAngstrom, imageOriginAngstrom, tomogramName }: Particle,
  list: ParticleList,
  options: WriteParticlesOptions,
  pixel: number | undefined,
): Vector3 {
  if (!positionAngstrom) throw new ConfigError("some particles have a position and others have none");
  const { centred } = DIALECTS[options.format];
  const isMoved = (list.origin === "tomogram-centre") !== centred;
  const coordinate = imageOriginAngstrom ? plus(positionAngstrom, imageOriginAngstrom) : positionAngstrom;
  const { x, y, z } = isMoved
    ? plus(coordinate, tomogramSize(tomogramName, options), centred ? -0.5 : 0.5)
    : coordinate;
  return pixel === undefined ? { x, y, z } : { x: x / pixel, y: y / pixel, z: z / pixel };
}

/** The optics table's column of the pixels that coordinates count in, by that of the tomogram's name. */
const PIXEL_COLUMNS = {
  rlnTomoName: "rlnTomoTiltSeriesPixelSize",
  rlnMicrographName: "rlnMicrographPixelSize",
} as const;

/** What the pixel coordinates of each row count in: what those of its particle do where they differ, else one size. */
function pixelSizesOf(list: ParticleList, options: WriteParticlesOptions): (row: number) => number {
  const { particles } = list;
  const isOne = particles.some(({ coordinatePixelSizeAngstrom: own }) => own === undefined);
  if (options.coordinatePixelSizeAngstrom === undefined && !isOne)
    return (row) => particles[row].coordinatePixelSizeAngstrom!; // each has one
  const pixel = pixelSizeOf(list, options);
  return () => pixel;
}

/** What pixel coordinates count in: as asked for, else what the optics table says, so that the file agrees with itself. */
function pixelSizeOf(list: ParticleList, options: WriteParticlesOptions): number {
  if (options.coordinatePixelSizeAngstrom !== undefined) return options.coordinatePixelSizeAngstrom;
  const { optics, coordinatePixelSizeAngstrom, voxelSizeAngstrom } = list;
  const column = Object.values(PIXEL_COLUMNS).find((name) => optics?.columns.has(name));
  const stated = column ? new Set(numberColumn(optics!, column, "data_optics")) : new Set<number>();
  if (stated.size > 1)
    throw new ConfigError("optics groups with different pixel sizes cannot share pixel coordinates", {
      hint: "Write RELION 5, whose coordinates are in Å.",
    });
  const pixel = [...stated][0] ?? coordinatePixelSizeAngstrom ?? voxelSizeAngstrom;
  if (pixel === undefined)
    throw new ConfigError("RELION 3 and 4 count coordinates in pixels, and the pixel size is not known", {
      hint: "Give the pixel size in Å (--voxel-size).",
    });
  return pixel;
}

/** The optics table as it was, with what the format needs added; a new one when there was none. */
function opticsOf(list: ParticleList, options: WriteParticlesOptions): StarTable {
  const asked = options.coordinatePixelSizeAngstrom;
  const pixel = asked ?? list.coordinatePixelSizeAngstrom ?? list.voxelSizeAngstrom;
  const pixelColumn = PIXEL_COLUMNS[DIALECTS[options.format].tomogramColumn];
  const columns = new Map<string, readonly string[]>(list.optics?.columns ?? newOptics(list, options.microscope ?? {}));
  const groups = columns.get("rlnOpticsGroup") ?? [firstGroupOf(list)];
  const sizes = asked === undefined ? pixelSizesOfGroups(list, options) : new Map<string, number>();
  for (const column of Object.values(PIXEL_COLUMNS)) {
    const missing = column === pixelColumn && !columns.has(column);
    const written = groups.map((group) => sizes.get(group) ?? pixel);
    if (written.every((size) => size !== undefined) && (missing || (asked !== undefined && columns.has(column))))
      columns.set(column, written.map(decimal));
  }
  return starLoop(columns);
}

/**
 * Of the groups of particles whose coordinates count in pixels of their own.
 * @throws ConfigError for a group of several sizes, where coordinates are to be in pixels.
 */
function pixelSizesOfGroups(list: ParticleList, { format }: WriteParticlesOptions): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { opticsGroup = firstGroupOf(list), coordinatePixelSizeAngstrom: size } of list.particles) {
    if (size === undefined) continue;
    const known = sizes.get(opticsGroup) ?? size;
    if (known !== size && !DIALECTS[format].centred)
      throw new ConfigError(
        `coordinates of optics group ${opticsGroup} count in pixels of ${known} and of ${size} Å, and a group has one size`,
        {
          hint: "Write RELION 5, whose coordinates are in Å, or say what to count in (--output-voxel-size of convert).",
        },
      );
    sizes.set(opticsGroup, known);
  }
  return sizes;
}

function firstGroupOf({ optics }: ParticleList): string {
  return optics?.columns.get("rlnOpticsGroup")?.[0] ?? "1";
}

function newOptics({ voxelSizeAngstrom }: ParticleList, microscope: MicroscopeOptions): [string, string[]][] {
  const { kilovolt = 300, sphericalAberrationMillimetre = 2.7, amplitudeContrast = 0.1, boxSize } = microscope;
  const columns: [string, string | undefined][] = [
    ["rlnOpticsGroup", "1"],
    ["rlnOpticsGroupName", "opticsGroup1"],
    ["rlnVoltage", decimal(kilovolt)],
    ["rlnSphericalAberration", decimal(sphericalAberrationMillimetre)],
    ["rlnAmplitudeContrast", decimal(amplitudeContrast)],
    ["rlnImagePixelSize", voxelSizeAngstrom === undefined ? undefined : decimal(voxelSizeAngstrom)],
    ["rlnImageSize", boxSize?.toString()],
    ["rlnImageDimensionality", "3"],
  ];
  return columns.flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]]));
}

/** Six decimals, as RELION writes: a millionth of an Angstrom or degree. */
function decimal(value: number): string {
  const text = value.toFixed(6);
  return text === "-0.000000" ? "0.000000" : text;
}
