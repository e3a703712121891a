import { ConfigError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import type { ParticleList } from "./particle-list.js";
import { tomogramNameOf } from "./tomogram-name.js";

/** What gives particles their positions in tomograms, where a format leaves it open. */
export interface PlacementOptions {
  /** Voxel size that the file's coordinates in voxels count in, whatever the file says. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Voxel size of the tomogram: what coordinates in voxels count in where neither `voxelSizeAngstrom` nor the file says it. */
  readonly tomogramVoxelSizeAngstrom?: number | undefined;
  /** Edge lengths of each tomogram by name, its file's or its own ("TS_01"). */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** Edge lengths of the tomograms that `tomogramSizesAngstrom` does not name. */
  readonly tomogramSizeAngstrom?: Vector3 | undefined;
}

/**
 * Every particle's centre in Angstrom from the centre of the first voxel.
 * @throws ConfigError when a particle has no position, or positions are from a tomogram's centre and its size is not known.
 */
export function positionsFromFirstVoxel(list: ParticleList, options: PlacementOptions): Vector3[] {
  return list.particles.map(({ positionAngstrom, tomogramName }, index) => {
    if (!positionAngstrom) throw new ConfigError(`particle ${index + 1} has no position, and the format needs one`);
    if (list.origin === "first-voxel") return positionAngstrom;
    return plus(positionAngstrom, tomogramSize(tomogramName, options), 0.5);
  });
}

/** Edge lengths of a tomogram in Angstrom. @throws ConfigError when they are not known. */
export function tomogramSize(
  name: string | undefined,
  options: Pick<PlacementOptions, "tomogramSizesAngstrom" | "tomogramSizeAngstrom">,
  where?: string,
): Vector3 {
  const { tomogramSizesAngstrom: sizes } = options;
  const own = name === undefined ? undefined : (sizes?.get(name) ?? sizes?.get(tomogramNameOf(name)));
  const size = own ?? options.tomogramSizeAngstrom;
  if (size) return size;
  throw new ConfigError(name ? `the size of tomogram "${name}" is not known` : "the tomogram's size is not known", {
    where,
    hint: "RELION 5 counts from the tomogram's centre, other programs from its corner: give the tomogram (--tomogram), its size (--size x,y,z with --voxel-size), or RELION's tomograms.star (--tomograms).",
  });
}

/** How warnings about coordinates begin that are fractions, or of particles that are all in the first voxel. */
export const ALL_WITHIN_ONE = "all coordinates are from 0 to 1";

/** What a list's coordinates in voxels count in, and what to say about it. */
export interface ListVoxelSize {
  readonly voxelSizeAngstrom: number;
  /** Names both numbers where the list contradicts an option or its tomogram. */
  readonly warnings: readonly string[];
}

/**
 * What coordinates in voxels count in, the one rule for every list of voxels: what the user says (`voxelSizeAngstrom`), else
 * what the list itself states, else the tomogram's voxels.
 * @param stated what the list states in Angstrom; undefined where it leaves it open
 * @throws ConfigError when it is not known or not a positive number.
 */
export function voxelSizeOfList(
  stated: number | undefined,
  { voxelSizeAngstrom: given, tomogramVoxelSizeAngstrom: tomogram }: PlacementOptions,
  where: string,
): ListVoxelSize {
  const size = checkedVoxelSize(
    given ?? stated ?? tomogram,
    `${where}: coordinates are in voxels and the file does not say how large one is`,
  );
  const contradicts = (other: number | undefined): other is number =>
    other !== undefined && stated !== undefined && Math.abs(other / stated - 1) > SAME_VOXEL_SIZE;
  if (contradicts(given))
    return {
      voxelSizeAngstrom: size,
      warnings: [`the list states voxels of ${stated} Å; its coordinates are taken in the ${given} Å that were given`],
    };
  if (given === undefined && contradicts(tomogram))
    return {
      voxelSizeAngstrom: size,
      warnings: [
        `the list states voxels of ${stated} Å, the tomogram has ${tomogram} Å: coordinates are taken as the list states; --voxel-size says otherwise`,
      ],
    };
  return { voxelSizeAngstrom: size, warnings: [] };
}

/** Headers round voxel sizes; sizes that differ by more than this fraction are different ones. */
const SAME_VOXEL_SIZE = 0.005;

/**
 * The voxel size for reading coordinates in voxels of a list that cannot state it.
 * @throws ConfigError when it is not known or not a positive number.
 */
export function voxelSizeToRead(options: PlacementOptions, where: string): number {
  return voxelSizeOfList(undefined, options, where).voxelSizeAngstrom;
}

/**
 * The voxel size for writing coordinates in voxels: the options', else what the list's coordinates count in.
 * @throws ConfigError when it is not known, not the same for all particles or not a positive number.
 */
export function voxelSizeToWrite(list: ParticleList, options: PlacementOptions): number {
  const given = options.voxelSizeAngstrom ?? options.tomogramVoxelSizeAngstrom;
  const [stated, ...others] = given === undefined ? coordinatePixelSizes(list) : [];
  if (stated !== undefined && others.length > 0)
    throw new ConfigError(
      `the coordinates of the list count in several pixel sizes (${[stated, ...others].sort((a, b) => a - b).join(", ")} Å), and those of the format in one`,
      {
        hint: "Write a file for each tomogram ({tomogram} in the output's name), say what to count in (--output-voxel-size of convert), or write a format whose positions are in Å.",
      },
    );
  return checkedVoxelSize(
    given ?? stated ?? list.voxelSizeAngstrom,
    "the format's coordinates are in voxels, and the tomogram's voxel size is not known",
  );
}

/** What the coordinates of a list in pixels count in: one size mostly, none where it is not known. */
export function coordinatePixelSizes({ particles, coordinatePixelSizeAngstrom: common }: ParticleList): number[] {
  const sizes = new Set<number>();
  for (const { coordinatePixelSizeAngstrom: own = common } of particles) if (own !== undefined) sizes.add(own);
  return sizes.size > 0 || common === undefined ? [...sizes] : [common];
}

function checkedVoxelSize(size: number | undefined, problem: string): number {
  if (size === undefined)
    throw new ConfigError(problem, {
      hint: "Give the tomogram (--tomogram) or its voxel size in Å (--voxel-size).",
    });
  if (!(size > 0 && Number.isFinite(size)))
    throw new ConfigError(`a voxel size must be a positive number (Å), got ${size}`);
  return size;
}

/** Every particle's centre in voxels from the centre of the first voxel. */
export function positionsInVoxels(list: ParticleList, options: PlacementOptions): Vector3[] {
  const size = voxelSizeToWrite(list, options);
  return positionsFromFirstVoxel(list, options).map(({ x, y, z }) => ({ x: x / size, y: y / size, z: z / size }));
}

/** A vector times a number. */
export function scaled({ x, y, z }: Vector3, factor: number): Vector3 {
  return { x: x * factor, y: y * factor, z: z * factor };
}

/** A vector plus `factor` times another. */
export function plus({ x, y, z }: Vector3, other: Vector3, factor = 1): Vector3 {
  return { x: x + factor * other.x, y: y + factor * other.y, z: z + factor * other.z };
}

/** At most `decimals` decimals, no exponent, no trailing zeros, no minus zero. */
export function decimalText(value: number, decimals = 6): string {
  const text = value.toFixed(decimals);
  let end = text.length;
  if (text.includes(".")) while (text[end - 1] === "0") end--;
  if (text[end - 1] === ".") end--;
  const shortest = text.slice(0, end);
  return shortest === "-0" ? "0" : shortest;
}

/** Digits that float32 holds. */
const SCORE_DIGITS = 7;

/** A score: seven digits, as float32 holds. */
export function scoreText(score: number): string {
  const size = Math.abs(score);
  if (!(size > 1e-4 && size < 1e6)) return String(Number(score.toPrecision(SCORE_DIGITS)));
  // The same text, several times as fast.
  return decimalText(score, SCORE_DIGITS - 1 - Math.floor(Math.log10(size)));
}
