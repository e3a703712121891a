/** Where the pointer is, or else the cursor, in voxels and Å, and the grey value there. */
import { useComputed } from "@preact/signals";
import type { TomogramInfo, VoxelPosition } from "../../protocol/index.js";
import { cursor, pointed } from "../state/view.js";
import { greyText } from "./grey-text.js";

export function StatusLine({ info }: { readonly info: TomogramInfo }) {
  const { voxelSizeAngstrom } = info;
  const position = useComputed<VoxelPosition>(() => pointed.value?.position ?? cursor.value);
  const grey = useComputed(() => (pointed.value?.grey === undefined ? "" : `grey ${greyText(pointed.value.grey)}`));
  const { x, y, z } = position.value;
  const angstrom = (voxels: number) => (voxels * voxelSizeAngstrom).toFixed(voxelSizeAngstrom < 10 ? 1 : 0);
  return (
    <div class="status-line">
      <span class="status-place">{pointed.value ? "pointer" : "cursor"}</span>
      <output aria-label="Position in voxels">
        x {x} y {y} z {z}
      </output>
      <span>
        {angstrom(x)}, {angstrom(y)}, {angstrom(z)} Å
      </span>
      <span class="status-grey">{grey}</span>
      <span class="status-end">{Number(voxelSizeAngstrom.toFixed(3))} Å/voxel</span>
    </div>
  );
}
