/** How particles lie: an arrow along the z axis of each one's average. */
import {
  type BufferGeometry,
  Color,
  ConeGeometry,
  CylinderGeometry,
  Group,
  InstancedMesh,
  MeshLambertMaterial,
  type Plane,
} from "three";
import { mergeGeometries } from "three/examples/jsm/utils/BufferGeometryUtils.js";
import type { PlacedAverage } from "../placed-average.js";
import { createPoseMeshes, poseMatrix } from "./pose-meshes.js";

export interface PoseArrows {
  readonly group: Group;
  show(averages: readonly PlacedAverage[]): void;
  dispose(): void;
}

/** In radii of the particle. */
const [SHAFT, TIP, SHAFT_RADIUS, TIP_RADIUS] = [1.5, 0.45, 0.07, 0.2];
const SIDES = 12;
/** So that an arrow is seen before an average of its colour. */
const LIGHTER = 0.35;

export function createPoseArrows(clipping: Plane): PoseArrows {
  const group = new Group();
  const meshes = createPoseMeshes(group, (average) => {
    const color = new Color(average.colour).lerp(new Color("#ffffff"), LIGHTER);
    const material = new MeshLambertMaterial({ color, clippingPlanes: [clipping] });
    const mesh = new InstancedMesh(arrow(), material, average.poses.count);
    for (let pose = 0; pose < average.poses.count; pose++)
      mesh.setMatrixAt(pose, poseMatrix(average, pose, average.radiusVoxels));
    return mesh;
  });
  return { group, show: (averages) => void meshes.keep(averages), dispose: meshes.dispose };
}

/** Along z, from the centre. */
function arrow(): BufferGeometry {
  const shaft = new CylinderGeometry(SHAFT_RADIUS, SHAFT_RADIUS, SHAFT, SIDES).translate(0, SHAFT / 2, 0);
  const tip = new ConeGeometry(TIP_RADIUS, TIP, SIDES).translate(0, SHAFT + TIP / 2, 0);
  return mergeGeometries([shaft, tip]).rotateX(Math.PI / 2);
}
