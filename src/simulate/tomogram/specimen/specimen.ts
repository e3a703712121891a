import { ConfigError } from "../../../errors.js";
import { type Quaternion, type Vector3, type VoxelGrid, voxelCount } from "../../../volume/index.js";
import type { Range } from "../../particle/imaging.js";

/** One macromolecule in the specimen: everything that its label and density follow from. */
export interface PlacedParticle {
  /** Index into the complexes that were packed. */
  readonly complexIndex: number;
  /** Centre of mass, from the centre of voxel (0, 0, 0). */
  readonly positionAngstrom: Vector3;
  /** Maps the complex's own frame to the tomogram. */
  readonly orientation: Quaternion;
  /** Its value in the instance labels, from 1. */
  readonly instance: number;
}

/** Something in the specimen that is not a particle: a vesicle, a filament, a gold bead. */
export interface PlacedStructure {
  readonly kind: StructureKind;
  readonly instance: number;
  readonly classNumber: number;
  /** Centre of a vesicle or bead, middle of a filament; from the centre of voxel (0, 0, 0). */
  readonly positionAngstrom: Vector3;
  /** Half axes of a vesicle's mid-surface, radius of a bead (three times), or radius and length of a filament. */
  readonly sizeAngstrom: readonly number[];
}

/** Structures of a specimen that are not complexes. */
/** The kinds of structures, in the order of their class numbers after the complexes'. */
export const STRUCTURE_KINDS = ["membrane", "actin", "microtubule", "gold"] as const;
/** A structure of a specimen that is not a complex. */
export type StructureKind = (typeof STRUCTURE_KINDS)[number];

/** Vesicles: spheres, or ellipsoids when the axes may differ. */
export interface VesicleOptions {
  readonly count: number;
  readonly radiusAngstrom: Range;
  /** The longest half axis over the shortest, drawn from this range; [1, 1] are spheres. */
  readonly elongation: Range;
}

/** Filaments of one kind in a specimen. */
/** How many filaments of each kind. */
export interface FilamentOptions {
  readonly actin: number;
  readonly microtubules: number;
}

/** Gold beads in a specimen. */
/** Fiducial beads of one size. */
export interface GoldOptions {
  readonly count: number;
  readonly diameterAngstrom: number;
}

/** What a specimen holds, on the tomogram's grid. */
export interface SpecimenOptions extends VoxelGrid {
  /** How many particles: in all (classes drawn by `weights`), of each class, or as many as fill a fraction of the volume. */
  readonly amount:
    | { readonly particles: number }
    | { readonly counts: readonly number[] }
    | { readonly occupancy: number };
  /** Relative abundance of each complex where `amount` does not say it; default: all the same. */
  readonly weights?: readonly number[];
  /** Free voxels kept between the surfaces of two particles. */
  readonly marginVoxels: number;
  readonly vesicles?: VesicleOptions;
  readonly filaments?: FilamentOptions;
  readonly gold?: GoldOptions;
  /** Where the density goes, all 0 before; a new array of its own when absent. For instance on a SharedArrayBuffer. */
  readonly density?: Float32Array;
  /** Gives the bytes, all 0, of the labels; those of new arrays when absent. */
  readonly memory?: (byteLength: number) => ArrayBufferLike;
}

/** What was placed of what was asked for. */
export interface PackingReport {
  readonly requested: number;
  readonly placed: number;
  readonly requestedPerClass: readonly number[];
  readonly placedPerClass: readonly number[];
  /** Fraction of all voxels that lie inside a particle. */
  readonly occupancy: number;
  /** The same with vesicles, filaments and gold. */
  readonly occupancyWithStructures: number;
  readonly requestedStructures: Readonly<Record<StructureKind, number>>;
  readonly placedStructures: Readonly<Record<StructureKind, number>>;
  /** Positions tested for room. */
  readonly trials: number;
  /** Why less was placed than requested; undefined when all was. */
  readonly reason: string | undefined;
}

/** A crowded volume before imaging, with its full ground truth. All volumes have the shape `[nz, ny, nx]`. */
export interface Specimen extends VoxelGrid {
  /** Kilodalton per voxel; sums to the mass of all particles. */
  readonly density: Float32Array;
  readonly particles: readonly PlacedParticle[];
  readonly structures: readonly PlacedStructure[];
  /** 0 background, k the k-th complex, beyond them the kinds of structures as in `classNames`. */
  readonly classLabels: Uint8Array;
  /** 0 background, else the instance of a particle or structure. */
  readonly instanceLabels: Uint16Array | Uint32Array;
  /** Name of each class number from 1. */
  readonly classNames: readonly string[];
  readonly report: PackingReport;
}

/** @throws ConfigError naming the option that cannot be used. */
export function checkSpecimenOptions(options: SpecimenOptions, complexCount: number): void {
  const check = (good: boolean, message: string, hint: string) => {
    if (!good) throw new ConfigError(message, { hint });
  };
  const whole = (n: number, low: number, high = Infinity) => Number.isInteger(n) && n >= low && n <= high;
  const { shape, voxelSizeAngstrom: voxel, amount, weights, marginVoxels: margin, density } = options;
  const perClass = (values: readonly number[]) => values.length === complexCount;
  check(
    shape.every((n) => whole(n, 16, 4096)),
    `a tomogram of shape [${shape.join(", ")}] cannot be made`,
    "Give 16 to 4096 whole voxels along each axis.",
  );
  check(voxel >= 1 && voxel <= 100, `a voxel size of ${voxel} Å is out of range`, "Give 1 to 100 Å.");
  check(whole(complexCount, 1, 250), `${complexCount} classes cannot be packed`, "Give 1 to 250 structures.");
  check(whole(margin, 0, 8), `a margin of ${margin} voxels is out of range`, "Give 0 to 8 whole voxels.");
  if ("particles" in amount)
    check(whole(amount.particles, 0), `cannot place ${amount.particles} particles`, "Give a whole number.");
  else if ("occupancy" in amount)
    check(
      amount.occupancy >= 0 && amount.occupancy < 1,
      `an occupancy of ${amount.occupancy} is impossible`,
      "Give a fraction of the volume from 0 to 1, such as 0.1.",
    );
  else
    check(
      perClass(amount.counts) && amount.counts.every((count) => whole(count, 0)),
      `${amount.counts.length} counts do not fit ${complexCount} classes`,
      "Give one whole number for each structure.",
    );
  if (weights)
    check(
      perClass(weights) && weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0),
      `the weights ${weights.join(", ")} do not fit ${complexCount} classes`,
      "Give one weight from 0 for each structure, not all of them 0.",
    );
  if (density)
    check(
      density.length === voxelCount(shape),
      `an array of ${density.length} values cannot hold the density of ${voxelCount(shape)} voxels`,
      "Give an array of nz * ny * nx values.",
    );
}
