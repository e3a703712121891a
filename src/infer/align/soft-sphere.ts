import { centreIndex } from "../../volume/index.js";

/** Over how many voxels the edge of the sphere falls from 1 to 0. */
const FALL_VOXELS = 4;

/** `[edge, edge, edge]`: 1 within `radiusVoxels` of the box centre plus `offset`, and a cosine edge of 4 voxels around it. */
export function softSphere(
  edge: number,
  radiusVoxels: number,
  offset: { readonly x: number; readonly y: number; readonly z: number } = { x: 0, y: 0, z: 0 },
): Float32Array {
  const mask = new Float32Array(edge ** 3);
  const centre = centreIndex(edge);
  for (let z = 0, at = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, at++) {
        const radius = Math.hypot(x - centre - offset.x, y - centre - offset.y, z - centre - offset.z);
        const fall = Math.min(1, Math.max(0, (radius - radiusVoxels) / FALL_VOXELS));
        mask[at] = (1 + Math.cos(Math.PI * fall)) / 2;
      }
  return mask;
}
