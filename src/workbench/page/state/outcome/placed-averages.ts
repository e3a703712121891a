/** The averages of the shown search's picks, where they are in the tomogram that is shown. */
import { computed } from "@preact/signals";
import type { PoseTable } from "../../../protocol/index.js";
import type { PlacedAverage } from "../../view/index.js";
import { colourOf } from "../class-style.js";
import { radiusOfClass } from "../markers.js";
import { type NamedCandidate, picks } from "../results.js";
import { chosenInfo } from "../tomograms.js";
import { averages } from "./further-runs.js";

export const placedAverages = computed<readonly PlacedAverage[]>(() => {
  const info = chosenInfo.value;
  if (!info) return [];
  return (averages.value?.classes ?? []).flatMap(({ classId, map }) => {
    const poses = map?.poses.find(({ tomogramId }) => tomogramId === info.id);
    if (!map || !poses || poses.count === 0) return [];
    const own = picks.value.filter((pick) => pick.classId === classId && pick.tomogramId === info.id);
    const radiusVoxels = radiusOfClass(classId) / info.voxelSizeAngstrom;
    return [
      {
        ...{ classId, colour: colourOf(classId), surface: map.surface, poses, radiusVoxels },
        voxelSizeAngstrom: info.voxelSizeAngstrom,
        markerIds: nearestPicks(poses, own, radiusVoxels),
      },
    ];
  });
});

/** Averaging moves particles by less than their radius. */
function nearestPicks(
  { count, positions }: PoseTable,
  own: readonly NamedCandidate[],
  radiusVoxels: number,
): (string | undefined)[] {
  return Array.from({ length: count }, (_, pose) => {
    const [x = 0, y = 0, z = 0] = positions.subarray(3 * pose, 3 * pose + 3);
    let nearest: { readonly id: string; readonly distance: number } | undefined;
    for (const { id, position } of own) {
      const distance = Math.hypot(position.x - x, position.y - y, position.z - z);
      if (distance < (nearest?.distance ?? radiusVoxels)) nearest = { id, distance };
    }
    return nearest?.id;
  });
}
