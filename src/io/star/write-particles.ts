import { ConfigError } from "../../errors.js";
import type { Vector3 } from "../../volume/index.js";
import { numberColumn, type StarBlock, type StarTable, starLoop, starPairs } from "./document.js";
import { relionAnglesFromQuaternion } from "./euler.js";
import type { Particle, ParticleList } from "./particle-list.js";
import { writeStar } from "./write.js";

export type ParticleFormat = "relion3.1" | "relion5";

export interface WriteParticlesOptions {
  readonly format: ParticleFormat;
  /** Edge lengths of each tomogram; needed when positions must move between first voxel and tomogram centre. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** Lines at the head of the file: what made it, with which seed and parameters. */
  readonly comments?: readonly string[];
  /** For the optics table of a list that has none; RELION refuses lists without it. */
  readonly microscope?: MicroscopeOptions;
}

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
 * A particle list as RELION 3.1 (coordinates in pixels) or RELION 5 (centred coordinates in Angstrom) reads it. Origins
 * are zero, because positions hold them already; columns that cosnet does not know are written back as they were.
 * @throws ConfigError when the format needs a pixel size or tomogram sizes that are not known.
 */
export function writeParticles(list: ParticleList, options: WriteParticlesOptions): string {
  const { format, comments = [] } = options;
  const relion5 = format === "relion5";
  const version = relion5 ? "version 50001" : "version 30001";
  const blocks: StarBlock[] = [];
  const general = list.general ?? (relion5 ? starPairs([["rlnTomoSubTomosAre2DStacks", "0"]]) : undefined);
  if (general && relion5) blocks.push({ name: "general", comments: [version], tables: [general] });
  blocks.push({ name: "optics", comments: [version], tables: [opticsOf(list, options)] });
  // Names come last: RELION 3 splits at the spaces of a quoted value, which there can shift no other column.
  const table = starLoop([
    ...knownColumns(list, options),
    ...extraColumns(list.particles),
    ...classNames(list.particles),
  ]);
  blocks.push({ name: "particles", comments: [version], tables: [table] });
  const [first, ...rest] = blocks as [StarBlock, ...StarBlock[]];
  return writeStar({ blocks: [{ ...first, comments: [...comments, ...first.comments] }, ...rest] });
}

function knownColumns(list: ParticleList, options: WriteParticlesOptions): [string, string[]][] {
  const { particles } = list;
  const relion5 = options.format === "relion5";
  const columns: [string, string[]][] = [];
  const add = (column: string, value: (particle: Particle) => string | undefined) => {
    const values = particles.map(value);
    if (values.some((text) => text !== undefined)) columns.push([column, values.map((text) => text ?? "")]);
  };
  add(relion5 ? "rlnTomoName" : "rlnMicrographName", (particle) => particle.tomogramName);
  if (particles.some((particle) => particle.positionAngstrom)) {
    const positions = particles.map((particle) => writtenPosition(particle, list, options));
    for (const axis of ["x", "y", "z"] as const) {
      const upper = axis.toUpperCase();
      const column = relion5 ? `rlnCenteredCoordinate${upper}Angst` : `rlnCoordinate${upper}`;
      columns.push([column, positions.map((position) => decimal(position[axis]))]);
    }
    for (const axis of ["X", "Y", "Z"]) add(`rlnOrigin${axis}Angst`, () => decimal(0));
  }
  const angles = particles.map(({ orientation }) => orientation && relionAnglesFromQuaternion(orientation));
  if (angles.some((angle) => angle !== undefined)) {
    columns.push(["rlnAngleRot", angles.map((angle) => decimal(angle?.rotDegrees ?? 0))]);
    columns.push(["rlnAngleTilt", angles.map((angle) => decimal(angle?.tiltDegrees ?? 0))]);
    columns.push(["rlnAnglePsi", angles.map((angle) => decimal(angle?.psiDegrees ?? 0))]);
  }
  add("rlnImageName", (particle) => particle.imageName);
  const firstGroup = list.optics?.columns.get("rlnOpticsGroup")?.[0] ?? "1";
  add("rlnOpticsGroup", (particle) => particle.opticsGroup ?? firstGroup);
  add("rlnClassNumber", (particle) => particle.classNumber?.toString());
  return columns;
}

function classNames(particles: readonly Particle[]): [string, string[]][] {
  if (particles.every(({ className }) => className === undefined)) return [];
  return [["cosnetClassName", particles.map(({ className }) => className ?? "")]];
}

function extraColumns(particles: readonly Particle[]): [string, string[]][] {
  const names = new Set<string>();
  for (const particle of particles) for (const name of Object.keys(particle.extra)) names.add(name);
  return [...names].map((name) => [name, particles.map((particle) => particle.extra[name] ?? "")]);
}

/** Pixels from the first voxel (3.1) or Angstrom from the tomogram's centre (5). */
function writtenPosition(particle: Particle, list: ParticleList, options: WriteParticlesOptions): Vector3 {
  const position = particle.positionAngstrom;
  if (!position) throw new ConfigError("some particles have a position and others have none");
  const relion5 = options.format === "relion5";
  const stated = list.origin === "tomogram-centre";
  let { x, y, z } = position;
  if (stated !== relion5) {
    const size = options.tomogramSizesAngstrom?.get(particle.tomogramName ?? "");
    if (!size)
      throw new ConfigError(`the size of tomogram "${particle.tomogramName ?? ""}" is not known`, {
        hint: "RELION 5 counts from the tomogram's centre, RELION 3.1 from its corner: give the tomograms.star.",
      });
    const sign = relion5 ? -0.5 : 0.5;
    x += sign * size.x;
    y += sign * size.y;
    z += sign * size.z;
  }
  if (relion5) return { x, y, z };
  const pixel = pixelSizeOf(list);
  return { x: x / pixel, y: y / pixel, z: z / pixel };
}

/** What pixel coordinates count in: what the optics table says, so that the file agrees with itself. */
function pixelSizeOf({ optics, coordinatePixelSizeAngstrom, voxelSizeAngstrom }: ParticleList): number {
  const column = ["rlnTomoTiltSeriesPixelSize", "rlnMicrographPixelSize"].find((name) => optics?.columns.has(name));
  const stated = column ? new Set(numberColumn(optics!, column, "data_optics")) : new Set<number>();
  if (stated.size > 1)
    throw new ConfigError("optics groups with different pixel sizes cannot share pixel coordinates", {
      hint: "Write RELION 5, whose coordinates are in Angstrom.",
    });
  const pixel = [...stated][0] ?? coordinatePixelSizeAngstrom ?? voxelSizeAngstrom;
  if (pixel === undefined)
    throw new ConfigError("RELION 3.1 coordinates are in pixels, and the pixel size is not known", {
      hint: "Give the pixel size in Angstrom (--voxel-size).",
    });
  return pixel;
}

/** The optics table as it was, with what the format needs added; a new one when there was none. */
function opticsOf(list: ParticleList, { format, microscope = {} }: WriteParticlesOptions): StarTable {
  const pixel = list.coordinatePixelSizeAngstrom ?? list.voxelSizeAngstrom;
  const tomogramColumn = format === "relion5" ? "rlnTomoTiltSeriesPixelSize" : "rlnMicrographPixelSize";
  const columns = new Map<string, readonly string[]>(list.optics?.columns ?? newOptics(list, microscope));
  const rowCount = list.optics?.rowCount ?? 1;
  if (pixel && !columns.has(tomogramColumn)) columns.set(tomogramColumn, new Array(rowCount).fill(decimal(pixel)));
  return starLoop(columns);
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
