import type { Vector3 } from "../../volume/index.js";
import type { Frequencies } from "./frequencies.js";

/** What a voxel's shift adds to the phase at a frequency. */
export const radiansOf = (frequency: number, edge: number): number => (-2 * Math.PI * frequency) / edge;

/** Cosines and sines of -2 pi k shift / edge along x, y and z, k from -middle to middle. */
export function phaseTables({ x, y, z }: Vector3, { edge }: Frequencies) {
  const middle = Math.floor(edge / 2);
  const width = 2 * middle + 1;
  const [cosines, sines] = [new Float64Array(3 * width), new Float64Array(3 * width)];
  for (const [axis, shift] of [x, y, z].entries())
    for (let k = -middle; k <= middle; k++) {
      const angle = radiansOf(k, edge) * shift;
      cosines[axis * width + middle + k] = Math.cos(angle);
      sines[axis * width + middle + k] = Math.sin(angle);
    }
  return { cosines, sines, middle };
}

/** Trilinear interpolation of every fourth number from `at`, and its derivatives along x, y and z, into four places from `into`. */
export function interpolate(
  cells: Float32Array,
  at: number,
  strideY: number,
  strideZ: number,
  fx: number,
  fy: number,
  fz: number,
  interpolated: Float64Array,
  into: number,
): void {
  const c000 = cells[at];
  const c010 = cells[at + strideY];
  const c001 = cells[at + strideZ];
  const c011 = cells[at + strideY + strideZ];
  const d00 = cells[at + 4] - c000;
  const d10 = cells[at + 4 + strideY] - c010;
  const d01 = cells[at + 4 + strideZ] - c001;
  const d11 = cells[at + 4 + strideY + strideZ] - c011;
  const v00 = c000 + fx * d00;
  const v01 = c001 + fx * d01;
  const y0 = c010 + fx * d10 - v00;
  const y1 = c011 + fx * d11 - v01;
  const v0 = v00 + fy * y0;
  const dz = v01 + fy * y1 - v0;
  const dx0 = d00 + fy * (d10 - d00);
  const dx1 = d01 + fy * (d11 - d01);
  interpolated[into] = v0 + fz * dz;
  interpolated[into + 1] = dx0 + fz * (dx1 - dx0);
  interpolated[into + 2] = y0 + fz * (y1 - y0);
  interpolated[into + 3] = dz;
}
