import type { Shape3 } from "../../../volume/index.js";
import type { ShapeBits } from "./pack-shape.js";

/** Where labels are written; both have the shape of the specimen. */
export interface LabelVolumes {
  readonly shape: Shape3;
  readonly classLabels: Uint8Array;
  readonly instanceLabels: Uint16Array | Uint32Array;
}

/** Labels the voxels of `bits`, the first voxel of its box at (x, y, z). All must lie inside the volume. */
export function labelShape(
  { shape: [, ny, nx], classLabels, instanceLabels }: LabelVolumes,
  { edge, words, bits, rows, rowCount }: ShapeBits,
  [x, y, z]: readonly [number, number, number],
  { classNumber, instance }: { classNumber: number; instance: number },
): void {
  for (let r = 0; r < rowCount; r++) {
    const row = rows[r];
    const rz = (row / edge) | 0;
    const start = ((z + rz) * ny + y + row - rz * edge) * nx + x;
    for (let w = 0; w < words; w++)
      for (let word = bits[row * words + w]; word !== 0; word &= word - 1) {
        const at = start + 32 * w + 31 - Math.clz32(word & -word);
        classLabels[at] = classNumber;
        instanceLabels[at] = instance;
      }
  }
}
