/** The surface of a class's average, and how it lies where its particles are. */
import type { PoseTable, Surface } from "../../protocol/index.js";

export interface PlacedAverage {
  readonly classId: string;
  /** "#rrggbb" */
  readonly colour: string;
  /** In Å from the particle's centre. */
  readonly surface: Surface;
  readonly voxelSizeAngstrom: number;
  readonly poses: PoseTable;
  /** The markers that stand for the same particles, by pose; undefined where there is none. */
  readonly markerIds: readonly (string | undefined)[];
  readonly radiusVoxels: number;
}
