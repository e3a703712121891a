/** Masks as surfaces. */
import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  Group,
  Mesh,
  MeshLambertMaterial,
  type Plane,
  type Raycaster,
} from "three";
import type { Surface } from "../../../protocol/index.js";
import type { Marker } from "../marker.js";
import type { RayHit } from "./particle-spheres.js";

export interface MaskMeshes {
  readonly group: Group;
  show(markers: readonly Marker[], surfaces: ReadonlyMap<string, Surface> | undefined): void;
  /** The mask that a ray meets first. */
  hit(caster: Raycaster): RayHit | undefined;
  dispose(): void;
}

export function createMaskMeshes(clipping: Plane): MaskMeshes {
  const group = new Group();
  const meshes = new Map<Surface, Mesh<BufferGeometry, MeshLambertMaterial>>();

  const drop = (surface: Surface) => {
    const mesh = meshes.get(surface);
    if (!mesh) return;
    group.remove(mesh);
    mesh.geometry.dispose();
    mesh.material.dispose();
    meshes.delete(surface);
  };
  return {
    group,
    show(markers, surfaces) {
      const unseen = new Set(meshes.keys());
      for (const { id, colour } of markers) {
        const surface = surfaces?.get(id);
        if (!surface) continue;
        unseen.delete(surface);
        const mesh = meshes.get(surface) ?? surfaceMesh(surface, clipping);
        meshes.set(surface, mesh);
        mesh.material.color.set(colour);
        mesh.name = id;
        group.add(mesh);
      }
      unseen.forEach(drop);
    },
    hit(caster) {
      const [first] = caster.intersectObject(group);
      return first && { id: first.object.name, distance: first.distance };
    },
    dispose() {
      [...meshes.keys()].forEach(drop);
    },
  };
}

function surfaceMesh({ positions, indices }: Surface, clipping: Plane): Mesh<BufferGeometry, MeshLambertMaterial> {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  geometry.computeVertexNormals();
  return new Mesh(geometry, new MeshLambertMaterial({ side: DoubleSide, clippingPlanes: [clipping] }));
}
