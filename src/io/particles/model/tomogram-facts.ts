/**
 * What a list says of the tomograms that its particles are in: two columns of its own, which every format with further columns
 * keeps and other programs ignore. `pick`, `cluster` and the like write them, so that the next verb need not find out again.
 */
import { FormatError } from "../../../errors.js";
import type { Vector3 } from "../../../volume/index.js";
import { parseDecimal } from "../../text/number.js";
import type { Particle, ParticleList } from "./particle-list.js";

const CONTRAST_COLUMN = "cosnetContrast";
const VOXEL_SIZE_COLUMN = "cosnetTomogramVoxelSizeAngst";

/** Whether protein is dark or bright in a tomogram. */
export type ContrastName = "dark" | "bright";

/** What was found out of a tomogram. */
export interface TomogramFacts {
  readonly contrast: ContrastName;
  /** Voxel size of its file as it was taken to be. */
  readonly voxelSizeAngstrom: number;
}

/** Columns (`Particle.extra`) that state the facts of a particle's tomogram. */
export function tomogramFactColumns({ contrast, voxelSizeAngstrom }: TomogramFacts): Record<string, string> {
  return { [CONTRAST_COLUMN]: contrast, [VOXEL_SIZE_COLUMN]: voxelSizeText(voxelSizeAngstrom) };
}

/** The contrast that the list states of a particle's tomogram. @throws FormatError for another word. */
export function statedContrast({ extra }: Particle, where: string): ContrastName | undefined {
  const text = extra[CONTRAST_COLUMN]?.trim().toLowerCase() || undefined;
  if (text === undefined || text === "dark" || text === "bright") return text;
  throw new FormatError(`column ${CONTRAST_COLUMN} holds "${text.slice(0, 40)}"`, where, {
    hint: "It says whether protein is dark or bright in the tomogram: write dark or bright, or remove the column.",
  });
}

/** The voxel size that the list states of a particle's tomogram (Å). @throws FormatError for one that is impossible. */
export function statedVoxelSize({ extra }: Particle, where: string): number | undefined {
  const text = extra[VOXEL_SIZE_COLUMN]?.trim() || undefined;
  if (text === undefined) return undefined;
  const size = parseDecimal(text);
  if (size !== undefined && size > 0) return size;
  throw new FormatError(`column ${VOXEL_SIZE_COLUMN} holds "${text.slice(0, 40)}"`, where, {
    hint: "It says how large the tomogram's voxels are: write a positive number of Å, or remove the column.",
  });
}

/** The particle as it is in a tomogram of other voxels; a list that states none keeps to that. */
export function withStatedVoxelSize(particle: Particle, voxelSizeAngstrom: number): Particle {
  if (!Object.hasOwn(particle.extra, VOXEL_SIZE_COLUMN)) return particle;
  return { ...particle, extra: { ...particle.extra, [VOXEL_SIZE_COLUMN]: voxelSizeText(voxelSizeAngstrom) } };
}

function voxelSizeText(angstrom: number): string {
  return String(Number(angstrom.toFixed(6)));
}

/** How large a tomogram must be at least for all positions to be in it, in Å. */
export function reachOf({ particles, origin }: Pick<ParticleList, "particles" | "origin">): Vector3 {
  const reach = { x: 0, y: 0, z: 0 };
  for (const { positionAngstrom } of particles)
    for (const axis of ["x", "y", "z"] as const) {
      const place = positionAngstrom?.[axis] ?? 0;
      reach[axis] = Math.max(reach[axis], origin === "first-voxel" ? place : 2 * Math.abs(place));
    }
  return reach;
}

/**
 * The one value that all particles state.
 * @param path of the list.
 * @returns undefined where some state none, or several are stated.
 */
export function commonFact<Value>(
  particles: readonly Particle[],
  path: string,
  stated: (particle: Particle, where: string) => Value | undefined,
): Value | undefined {
  let common: Value | undefined;
  for (const [index, particle] of particles.entries()) {
    const value = stated(particle, `${path}, particle ${index + 1}`);
    if (value === undefined || (common !== undefined && value !== common)) return undefined;
    common = value;
  }
  return common;
}
