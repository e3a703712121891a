/** Which voxel size a tomogram has: as the user says, else as a list made from it says, else as its header says. */
import { ConfigError } from "../../errors.js";
import { overriddenVoxelSize } from "../../io/index.js";
import type { Shape3, Vector3 } from "../../volume/index.js";

/** A voxel size and who says it. */
export interface StatedVoxelSize {
  readonly angstrom: number;
  /** The list, as messages name it: "picks.star". */
  readonly by: string;
  /** How large the tomogram must be at least for the list's positions to be in it. */
  readonly reachAngstrom?: Vector3;
}

/** What is said of a tomogram's voxels. */
export interface VoxelSizeClaims {
  readonly shape: Shape3;
  /** Of the user. */
  readonly told: number | undefined;
  /** Of a list whose positions are in the tomogram. */
  readonly listed: StatedVoxelSize | undefined;
  readonly header: number | undefined;
  /** Taken when the file states none, or exactly 1 Å, which many programs write when they do not know. */
  readonly fallback: number | undefined;
  /** The volume is a tomogram whose particles' sizes matter: voxels of exactly 1 Å are refused, unlikely ones doubted. */
  readonly isSpecimen: boolean;
}

export interface ChosenVoxelSize {
  readonly voxelSizeAngstrom: number;
  /** "as --voxel-size says", for outputs. */
  readonly source: string;
  readonly warnings: readonly string[];
}

/** Unbinned pixels of microscopes set up for tomography, and what is left of particles in strongly binned tomograms. */
const LIKELY_ANGSTROM = { least: 2, most: 40 } as const;
/** Sizes that differ by less are the same, rounded. */
const SAME_FRACTION = 0.01;

/** @throws ConfigError when nobody says it, or a header says 1 Å of a tomogram. */
export function chooseVoxelSize(path: string, claims: VoxelSizeClaims): ChosenVoxelSize {
  const { shape, told, listed, header, fallback, isSpecimen } = claims;
  if (told !== undefined) {
    const contradicted = listed && !isSame(told, listed.angstrom);
    const warnings = contradicted
      ? [`voxels of ${text(told)}, as --voxel-size says; ${listed.by} says ${text(listed.angstrom)}`]
      : [];
    const other = overriddenVoxelSize({ voxelSizeAngstrom: told, statedVoxelSizeAngstrom: header });
    const instead = other === undefined ? "" : `, instead of the header's ${text(other)}`;
    return { voxelSizeAngstrom: told, source: `as --voxel-size says${instead}`, warnings };
  }
  if (listed) return listedVoxelSize(listed, header, shape);
  const isDefault = header === undefined || header === 1;
  if (isDefault && fallback !== undefined)
    return { voxelSizeAngstrom: fallback, source: "as the list's coordinates say", warnings: [] };
  if (header === undefined)
    throw new ConfigError("the file does not state its voxel size", {
      where: path,
      hint: "Give it in Ångström with --voxel-size.",
    });
  if (isDefault && isSpecimen)
    throw new ConfigError("the header says voxels of exactly 1 Å, which many programs write when they do not know", {
      where: path,
      hint: "Give the true voxel size in Ångström with --voxel-size (--voxel-size 1 if it is so).",
    });
  const unlikely = header < LIKELY_ANGSTROM.least || header > LIKELY_ANGSTROM.most;
  const doubt = `the header says voxels of ${text(header)}; those of tomograms are mostly ${LIKELY_ANGSTROM.least} to ${LIKELY_ANGSTROM.most} Å. If it is wrong, give --voxel-size`;
  return {
    voxelSizeAngstrom: header,
    source: "as the header says",
    warnings: isSpecimen && unlikely ? [doubt] : [],
  };
}

/**
 * Nobody has decided between list and header where they contradict each other: that is doubtful. A list whose positions are in the
 * tomogram by its header alone is of the same tomogram in other voxels.
 */
function listedVoxelSize(
  { angstrom, by, reachAngstrom }: StatedVoxelSize,
  header: number | undefined,
  shape: Shape3,
): ChosenVoxelSize {
  const other = overriddenVoxelSize({ voxelSizeAngstrom: angstrom, statedVoxelSizeAngstrom: header });
  if (other === undefined) return { voxelSizeAngstrom: angstrom, source: `as ${by} says`, warnings: [] };
  if (reachAngstrom && !isWithin(reachAngstrom, shape, angstrom) && isWithin(reachAngstrom, shape, other))
    return {
      voxelSizeAngstrom: other,
      source: "as the header says",
      warnings: [
        `voxels of ${text(other)}, as the header says; ${by} says ${text(angstrom)}, by which its positions would be outside. --voxel-size decides`,
      ],
    };
  const doubt = `voxels of ${text(angstrom)}, as ${by} says; the header says ${text(other)}. --voxel-size decides`;
  return { voxelSizeAngstrom: angstrom, source: `as ${by} says`, warnings: [doubt] };
}

function isWithin({ x, y, z }: Vector3, [nz, ny, nx]: Shape3, voxelSizeAngstrom: number): boolean {
  return x <= nx * voxelSizeAngstrom && y <= ny * voxelSizeAngstrom && z <= nz * voxelSizeAngstrom;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a / b - 1) < SAME_FRACTION;
}

function text(angstrom: number): string {
  return `${Number(angstrom.toFixed(3))} Å`;
}
