/** A mesh for each class, with an instance for each pose. */
import { type Group, type InstancedMesh, Matrix4, type Object3D, Quaternion, Vector3 } from "three";
import type { PlacedAverage } from "../placed-average.js";

export interface PoseMeshes {
  /** Makes those that are new, and lets go of those that are not named. */
  keep(averages: readonly PlacedAverage[]): ReadonlyMap<PlacedAverage, InstancedMesh>;
  markerIdOf(mesh: Object3D, pose: number): string | undefined;
  dispose(): void;
}

export function createPoseMeshes(group: Group, make: (average: PlacedAverage) => InstancedMesh): PoseMeshes {
  let meshes = new Map<PlacedAverage, InstancedMesh>();
  const drop = (mesh: InstancedMesh) => {
    group.remove(mesh);
    mesh.geometry.dispose();
    for (const material of [mesh.material].flat()) material.dispose();
    mesh.dispose();
  };
  return {
    keep(averages) {
      const next = new Map(averages.map((average) => [average, meshes.get(average) ?? make(average)] as const));
      for (const [average, mesh] of meshes) if (!next.has(average)) drop(mesh);
      for (const mesh of next.values()) {
        mesh.frustumCulled = false;
        group.add(mesh);
      }
      meshes = next;
      return meshes;
    },
    markerIdOf(mesh, pose) {
      return [...meshes].find(([, other]) => other === mesh)?.[0].markerIds[pose];
    },
    dispose() {
      for (const mesh of meshes.values()) drop(mesh);
      meshes.clear();
    },
  };
}

/** From the average's own axes to the tomogram's voxels. */
export function poseMatrix({ poses }: PlacedAverage, pose: number, scale: number): Matrix4 {
  const [x = 0, y = 0, z = 0] = poses.positions.subarray(3 * pose, 3 * pose + 3);
  const [w = 1, i = 0, j = 0, k = 0] = poses.rotations.subarray(4 * pose, 4 * pose + 4);
  return new Matrix4().compose(new Vector3(x, y, z), new Quaternion(i, j, k, w), new Vector3(scale, scale, scale));
}
