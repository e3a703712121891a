/** What is drawn at a position: an example that was clicked, a pick or, in sections alone, a particle of a list that is no pick. */
import type { VoxelPosition } from "../../protocol/index.js";

/** What is hit first comes first. */
export const MARKER_KINDS = ["example", "pick", "other"] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];

export interface Marker {
  readonly id: string;
  readonly kind: MarkerKind;
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
