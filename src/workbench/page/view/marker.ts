/** What is drawn at a position in every view: an example that was clicked, or a pick. */
import type { VoxelPosition } from "../../protocol/index.js";

export interface Marker {
  readonly id: string;
  readonly kind: "example" | "pick";
  readonly position: VoxelPosition;
  readonly radiusVoxels: number;
  /** Undefined for what is of none of the classes. */
  readonly classId: string | undefined;
  /** "#rrggbb" */
  readonly colour: string;
  /** Shown under the pointer: "ribosome, 0.93". */
  readonly label: string;
  /** A pick that a person has rejected, or an example of none of the classes: drawn dashed. */
  readonly isNegative?: boolean;
}
