/** Averages at the places of their particles: one mesh for each class. */
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DoubleSide,
  Group,
  InstancedMesh,
  MeshLambertMaterial,
  type Plane,
  type Raycaster,
} from "three";
import type { PlacedAverage } from "../placed-average.js";
import type { RayHit } from "./particle-spheres.js";
import { createPoseMeshes, poseMatrix } from "./pose-meshes.js";

export interface AverageMeshes {
  readonly group: Group;
  show(
    averages: readonly PlacedAverage[],
    marked: { readonly selectedId: string | undefined; readonly hoveredId: string | undefined },
  ): void;
  /** The average that a ray meets first. */
  hit(caster: Raycaster): RayHit | undefined;
  dispose(): void;
}

const CHOSEN = new Color("#ffffff");

export function createAverageMeshes(clipping: Plane): AverageMeshes {
  const group = new Group();
  const meshes = createPoseMeshes(group, (average) => {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(average.surface.positions, 3));
    geometry.setIndex(new BufferAttribute(average.surface.indices, 1));
    geometry.computeVertexNormals();
    const material = new MeshLambertMaterial({ side: DoubleSide, clippingPlanes: [clipping] });
    const mesh = new InstancedMesh(geometry, material, average.poses.count);
    for (let pose = 0; pose < average.poses.count; pose++)
      mesh.setMatrixAt(pose, poseMatrix(average, pose, 1 / average.voxelSizeAngstrom));
    return mesh;
  });
  return {
    group,
    show(averages, { selectedId, hoveredId }) {
      for (const [{ colour, markerIds }, mesh] of meshes.keep(averages)) {
        for (const [pose, id] of markerIds.entries()) {
          const own = new Color(colour);
          const isMarked = id !== undefined && (id === selectedId || id === hoveredId);
          mesh.setColorAt(pose, isMarked ? own.lerp(CHOSEN, 0.5) : own);
        }
        if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
      }
    },
    hit(caster) {
      const [first] = caster.intersectObject(group);
      const id = first?.instanceId === undefined ? undefined : meshes.markerIdOf(first.object, first.instanceId);
      return first && id !== undefined ? { id, distance: first.distance } : undefined;
    },
    dispose: meshes.dispose,
  };
}
