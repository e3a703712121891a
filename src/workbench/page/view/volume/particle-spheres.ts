/** Examples and picks as spheres of their size: one mesh for all. */
import {
  Color,
  Group,
  IcosahedronGeometry,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  type Plane,
  type Raycaster,
} from "three";
import type { Marker } from "../marker.js";

export interface RayHit {
  /** Of the marker. */
  readonly id: string;
  readonly distance: number;
}

export interface ParticleSpheres {
  readonly group: Group;
  show(
    markers: readonly Marker[],
    marked: { readonly selectedId: string | undefined; readonly hoveredId: string | undefined },
  ): void;
  /** The sphere that a ray meets first. */
  hit(caster: Raycaster): RayHit | undefined;
  dispose(): void;
}

/** So that many spheres are drawn as quickly as few: triangles of each are a quarter as many beyond this number. */
const MANY = 1500;
const FINE = 3;
const COARSE = 1;
/** How much larger the ring around the selected sphere is. */
const RING = 1.18;
const CHOSEN = new Color("#ffffff");

export function createParticleSpheres(clipping: Plane): ParticleSpheres {
  const group = new Group();
  const material = new MeshLambertMaterial({ clippingPlanes: [clipping] });
  const ring = new Mesh(
    new IcosahedronGeometry(1, FINE),
    new MeshBasicMaterial({
      color: CHOSEN,
      transparent: true,
      opacity: 0.45,
      depthWrite: false,
      clippingPlanes: [clipping],
    }),
  );
  ring.visible = false;
  group.add(ring);
  let mesh: InstancedMesh | undefined;
  let shown: readonly Marker[] = [];

  const drop = () => {
    if (!mesh) return;
    group.remove(mesh);
    mesh.geometry.dispose();
    mesh.dispose();
    mesh = undefined;
  };
  return {
    group,
    show(markers, { selectedId, hoveredId }) {
      if (!mesh || mesh.count !== markers.length) {
        drop();
        if (markers.length > 0) {
          const geometry = new IcosahedronGeometry(1, markers.length > MANY ? COARSE : FINE);
          mesh = new InstancedMesh(geometry, material, markers.length);
          mesh.frustumCulled = false;
          group.add(mesh);
        }
      }
      shown = markers;
      ring.visible = false;
      markers.forEach((marker, index) => {
        const { x, y, z } = marker.position;
        mesh?.setMatrixAt(index, new Matrix4().makeScale(...cube(marker.radiusVoxels)).setPosition(x, y, z));
        const colour = new Color(marker.colour);
        mesh?.setColorAt(index, marker.id === hoveredId ? colour.lerp(CHOSEN, 0.5) : colour);
        if (marker.id !== selectedId) return;
        ring.visible = true;
        ring.position.set(x, y, z);
        ring.scale.setScalar(RING * marker.radiusVoxels);
      });
      if (!mesh) return;
      mesh.instanceMatrix.needsUpdate = true;
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
      mesh.computeBoundingSphere();
    },
    hit(caster) {
      const [first] = mesh ? caster.intersectObject(mesh) : [];
      const marker = first?.instanceId === undefined ? undefined : shown[first.instanceId];
      return first && marker && { id: marker.id, distance: first.distance };
    },
    dispose() {
      drop();
      material.dispose();
      ring.geometry.dispose();
      ring.material.dispose();
    },
  };
}

function cube(edge: number): [number, number, number] {
  return [edge, edge, edge];
}
