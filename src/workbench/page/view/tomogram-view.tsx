/** All views of a tomogram, and what steers them. */
import type { ReadonlySignal } from "@preact/signals";
import type { Axis, EngineClient, TomogramInfo, VoxelPosition } from "../../protocol/index.js";
import type { Marker } from "./marker.js";
import { SectionsView } from "./sections/sections-view.js";

export interface TomogramViewProps {
  readonly client: Pick<EngineClient, "section" | "surface">;
  readonly info: TomogramInfo;
  readonly markers: ReadonlySignal<readonly Marker[]>;
  /** A voxel of a section across `axis` was clicked, with no marker there; the cursor is there already. */
  readonly onClickVoxel: (position: VoxelPosition, axis: Axis) => void;
  /** A marker was clicked; it is selected already. */
  readonly onClickMarker?: (id: string) => void;
  /** A marker of kind "example" was dragged to a position. */
  readonly onMoveMarker?: (id: string, position: VoxelPosition) => void;
  readonly onFailure: (error: unknown) => void;
}

export function TomogramView({ client, info, onFailure }: TomogramViewProps) {
  return <SectionsView client={client} info={info} onFailure={onFailure} />;
}
