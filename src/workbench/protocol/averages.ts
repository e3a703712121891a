/** What a run of `cosnet average` came to. */
import type { Surface } from "./run.js";

/** Fewer particles of a class have no halves to compare. */
export const FEWEST_TO_AVERAGE = 10;

/** The mean particle of a class. */
export interface ClassAverage {
  readonly classId: string;
  readonly name: string;
  /** Picks of the class. */
  readonly particles: number;
  /** Those that are in the average: noise explains the others as well. */
  readonly used: number;
  /** Undefined where there were too few particles, or none could be told from noise. */
  readonly map: AverageMap | undefined;
}

export interface AverageMap {
  readonly edgeVoxels: number;
  readonly voxelSizeAngstrom: number;
  /** Point group that was found and used. */
  readonly symmetry: string;
  /** Where the halves' correlation falls to 0.143; undefined: the halves do not agree, and the map may be noise. */
  readonly resolutionAngstrom: number | undefined;
  /** `[3, edge, edge]`: central sections across z, y and x; density is positive. */
  readonly sections: Float32Array;
  /** Correlation of the halves by shell, from 0; shell i is at a resolution of edge x voxel size / i. */
  readonly correlation: { readonly unmasked: Float32Array; readonly corrected: Float32Array };
  /** In Å from the particle's centre. */
  readonly surface: Surface;
  readonly poses: readonly PoseTable[];
}

/** How the particles of an average lie in a tomogram. */
export interface PoseTable {
  readonly tomogramId: string;
  readonly count: number;
  /** `[count, 3]`: x, y, z in voxels of the file. */
  readonly positions: Float32Array;
  /** `[count, 4]`: w, x, y, z of the rotation from the average to the particle. */
  readonly rotations: Float32Array;
}

export interface AverageResults {
  readonly runId: string;
  readonly classes: readonly ClassAverage[];
}
