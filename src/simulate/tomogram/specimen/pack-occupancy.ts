import type { Shape3 } from "../../../volume/index.js";
import type { ShapeBits } from "./pack-shape.js";

/** Rows and sections beyond the volume into which dilated shapes may reach. */
const PADDING = 9;
/** Cells of the free-space map are cubes of this many voxels. */
export const CELL_VOXELS = 4;

/**
 * Which voxels of the specimen are taken, a bit each: 600 x 600 x 300 voxels take 14 MB, and 32 of them are tested by
 * one operation.
 */
export interface Occupancy {
  readonly shape: Shape3;
  /** Whether no voxel of `bits`, its box's first voxel at (x, y, z), is taken. */
  fits(bits: ShapeBits, x: number, y: number, z: number): boolean;
  take(bits: ShapeBits, x: number, y: number, z: number): void;
  isTaken(x: number, y: number, z: number): boolean;
  takeVoxel(x: number, y: number, z: number): void;
  /**
   * For each cell of 4^3 voxels about how far it is, in voxels, to the nearest cell with a taken voxel or beyond the
   * volume: a two-pass chamfer transform (3, 4, 5; Borgefors 1986), right within 8 % and a cell's diagonal.
   */
  freeDistances(): { readonly cells: Float32Array; readonly cellShape: Shape3 };
}

export function createOccupancy(shape: Shape3): Occupancy {
  const [nz, ny, nx] = shape;
  const rowWords = ((nx + 31) >> 5) + 2; // a word more on each side, for the ends of shifted rows
  const rows = ny + 2 * PADDING;
  const words = new Uint32Array((nz + 2 * PADDING) * rows * rowWords);
  const rowStart = (y: number, z: number) => ((z + PADDING) * rows + y + PADDING) * rowWords + 1;

  return {
    shape,
    fits({ edge, words: width, bits, rows: list, rowCount }, x, y, z) {
      const shift = x & 31;
      const first = x >> 5;
      for (let r = 0; r < rowCount; r++) {
        const row = list[r];
        const rz = (row / edge) | 0;
        const base = rowStart(y + row - rz * edge, z + rz) + first;
        for (let w = 0; w < width; w++) {
          const word = bits[row * width + w];
          if (word === 0) continue;
          if ((words[base + w] & (word << shift)) !== 0) return false;
          if (shift !== 0 && (words[base + w + 1] & (word >>> (32 - shift))) !== 0) return false;
        }
      }
      return true;
    },
    take({ edge, words: width, bits, rows: list, rowCount }, x, y, z) {
      const shift = x & 31;
      const first = x >> 5;
      for (let r = 0; r < rowCount; r++) {
        const row = list[r];
        const rz = (row / edge) | 0;
        const base = rowStart(y + row - rz * edge, z + rz) + first;
        for (let w = 0; w < width; w++) {
          const word = bits[row * width + w];
          if (word === 0) continue;
          words[base + w] |= word << shift;
          if (shift !== 0) words[base + w + 1] |= word >>> (32 - shift);
        }
      }
    },
    isTaken: (x, y, z) => (words[rowStart(y, z) + (x >> 5)] & (1 << (x & 31))) !== 0,
    takeVoxel(x, y, z) {
      words[rowStart(y, z) + (x >> 5)] |= 1 << (x & 31);
    },
    freeDistances() {
      const cellShape: Shape3 = [nz, ny, nx].map((n) => Math.ceil(n / CELL_VOXELS)) as unknown as Shape3;
      const [cz, cy, cx] = cellShape;
      // A ring of taken cells around stands for the faces.
      const paddedShape: Shape3 = [cz + 2, cy + 2, cx + 2];
      const distance = new Float32Array(paddedShape[0] * paddedShape[1] * paddedShape[2]);
      for (let z = 0; z < nz; z++)
        for (let y = 0; y < ny; y++) {
          const line = (((z >> 2) + 1) * (cy + 2) + (y >> 2) + 1) * (cx + 2) + 1;
          const start = rowStart(y, z);
          for (let w = 0; 32 * w < nx; w++) {
            const word = words[start + w];
            if (word === 0) continue;
            for (let nibble = 0; nibble < 8; nibble++)
              if ((word >>> (4 * nibble)) & 15 && 8 * w + nibble < cx) distance[line + 8 * w + nibble] = -1;
          }
        }
      for (let z = 1; z <= cz; z++)
        for (let y = 1; y <= cy; y++)
          for (let x = 1; x <= cx; x++) {
            const at = (z * (cy + 2) + y) * (cx + 2) + x;
            distance[at] = distance[at] < 0 ? 0 : 1e9;
          }
      chamfer(distance, paddedShape);
      const cells = new Float32Array(cz * cy * cx);
      for (let z = 0, i = 0; z < cz; z++)
        for (let y = 0; y < cy; y++)
          for (let x = 0; x < cx; x++, i++)
            cells[i] = CELL_VOXELS * distance[((z + 1) * (cy + 2) + y + 1) * (cx + 2) + x + 1];
      return { cells, cellShape };
    },
  };
}

/** Distances to the nearest zero, in cells, in place. The outermost layer must be zero. */
function chamfer(distance: Float32Array, [nz, ny, nx]: Shape3): void {
  const before: [offset: number, length: number][] = [];
  for (let z = -1; z <= 0; z++)
    for (let y = -1; y <= 1; y++)
      for (let x = -1; x <= 1; x++) {
        const offset = (z * ny + y) * nx + x;
        if (offset < 0) before.push([offset, (2 + Math.abs(x) + Math.abs(y) + Math.abs(z)) / 3]);
      }
  const offsets = Int32Array.from(before, ([offset]) => offset);
  const lengths = Float64Array.from(before, ([, length]) => length);
  const visit = (at: number, sign: number) => {
    let best = distance[at];
    if (best === 0) return;
    for (let k = 0; k < offsets.length; k++) {
      const through = distance[at + sign * offsets[k]] + lengths[k];
      if (through < best) best = through;
    }
    distance[at] = best;
  };
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++) for (let x = 1; x < nx - 1; x++) visit((z * ny + y) * nx + x, 1);
  for (let z = nz - 2; z > 0; z--)
    for (let y = ny - 2; y > 0; y--) for (let x = nx - 2; x > 0; x--) visit((z * ny + y) * nx + x, -1);
}
