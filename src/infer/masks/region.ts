import type { Shape3, Vector3 } from "../../volume/index.js";

/** The mask of one particle, in steps of 1/255, cropped from its box; 0 beyond the crop. */
export interface ParticleMask {
  /** The centre voxel of the box that the mask was cropped from. */
  readonly centreAngstrom: Vector3;
  readonly voxelSizeAngstrom: number;
  /** The crop's first voxel, counted from the centre voxel. */
  readonly first: Vector3;
  readonly shape: Shape3;
  /** Probability times 255, `[nz, ny, nx]`. */
  readonly data: Uint8Array;
}

/** Probabilities below this are left out of a cropped mask. */
const SMALLEST_KEPT = 0.01;

/** Crops a mask (probabilities, `[edge, edge, edge]`) to the voxels that are kept. */
export function cropMask(
  probability: Float32Array,
  edge: number,
  { centreAngstrom, voxelSizeAngstrom }: Pick<ParticleMask, "centreAngstrom" | "voxelSizeAngstrom">,
): ParticleMask {
  const low = [edge, edge, edge];
  const high = [-1, -1, -1];
  for (let z = 0, i = 0; z < edge; z++)
    for (let y = 0; y < edge; y++)
      for (let x = 0; x < edge; x++, i++) {
        if (!(probability[i] >= SMALLEST_KEPT)) continue;
        if (z < low[0]) low[0] = z;
        if (y < low[1]) low[1] = y;
        if (x < low[2]) low[2] = x;
        if (z > high[0]) high[0] = z;
        if (y > high[1]) high[1] = y;
        if (x > high[2]) high[2] = x;
      }
  const shape = high.map((last, axis) => Math.max(0, last - low[axis] + 1)) as unknown as Shape3;
  const [nz, ny, nx] = shape;
  const data = new Uint8Array(nz * ny * nx);
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0, from = ((low[0] + z) * edge + low[1] + y) * edge + low[2]; x < nx; x++, at++, from++)
        data[at] = Math.round(255 * Math.min(1, probability[from]));
  const half = Math.floor(edge / 2);
  const first = { x: low[2] - half, y: low[1] - half, z: low[0] - half };
  return { centreAngstrom, voxelSizeAngstrom, first, shape, data };
}

/** A grid of voxels in space. */
export interface Region {
  /** The centre of its first voxel. */
  readonly originAngstrom: Vector3;
  readonly voxelSizeAngstrom: number;
  readonly shape: Shape3;
}

export interface PastedMasks {
  /** 0 to 1, the highest of all masks. */
  readonly probability: Float32Array;
  /** Index of the mask that has it, -1 where no mask reaches. */
  readonly owner: Int32Array;
}

/**
 * All masks in one region: each voxel goes to the mask with the highest probability there, the first of equals. Masks are
 * interpolated linearly where their grid is another.
 */
export function pasteMasks(masks: Iterable<readonly [index: number, mask: ParticleMask]>, region: Region): PastedMasks {
  const [nz, ny, nx] = region.shape;
  const probability = new Float32Array(nz * ny * nx);
  const owner = new Int32Array(nz * ny * nx).fill(-1);
  for (const [index, mask] of masks) {
    const z = alongAxis(mask, region, "z", nz);
    const y = alongAxis(mask, region, "y", ny);
    const x = alongAxis(mask, region, "x", nx);
    const [, maskRows, maskColumns] = mask.shape;
    const { data } = mask;
    for (let k = z.from; k < z.to; k++)
      for (let j = y.from; j < y.to; j++) {
        // The four rows of the mask around this row of the region; rows beyond its edge have no weight.
        const [z0, z1, y0, y1] = [z.below[k - z.from], z.above[k - z.from], y.below[j - y.from], y.above[j - y.from]];
        const [wz, wy] = [z.weight[k - z.from], y.weight[j - y.from]];
        const rows = [
          [(z0 * maskRows + y0) * maskColumns, z0 >= 0 && y0 >= 0 ? (1 - wz) * (1 - wy) : 0],
          [(z0 * maskRows + y1) * maskColumns, z0 >= 0 && y1 >= 0 ? (1 - wz) * wy : 0],
          [(z1 * maskRows + y0) * maskColumns, z1 >= 0 && y0 >= 0 ? wz * (1 - wy) : 0],
          [(z1 * maskRows + y1) * maskColumns, z1 >= 0 && y1 >= 0 ? wz * wy : 0],
        ] as const;
        const row = (k * ny + j) * nx;
        for (let i = x.from; i < x.to; i++) {
          const [x0, x1, wx] = [x.below[i - x.from], x.above[i - x.from], x.weight[i - x.from]];
          let sum = 0;
          for (let r = 0; r < 4; r++) {
            const weight = rows[r][1];
            if (weight === 0) continue;
            const start = rows[r][0];
            if (x0 >= 0) sum += weight * (1 - wx) * data[start + x0];
            if (x1 >= 0) sum += weight * wx * data[start + x1];
          }
          const value = Math.fround(sum / 255); // as it is stored, so that equals are equal
          if (value > probability[row + i]) {
            probability[row + i] = value;
            owner[row + i] = index;
          }
        }
      }
  }
  return { probability, owner };
}

/** The region's voxels that a mask reaches along one axis, and the mask's voxels on both sides of each (-1: none). */
function alongAxis(mask: ParticleMask, region: Region, axis: "x" | "y" | "z", length: number) {
  const count = mask.shape[axis === "x" ? 2 : axis === "y" ? 1 : 0];
  const ratio = region.voxelSizeAngstrom / mask.voxelSizeAngstrom;
  const start = (region.originAngstrom[axis] - mask.centreAngstrom[axis]) / mask.voxelSizeAngstrom - mask.first[axis];
  // Positions in the mask are start + i * ratio; it reaches from -1 to count (both without weight).
  const from = Math.max(0, Math.floor((-1 - start) / ratio) + 1);
  const to = Math.max(from, count === 0 ? from : Math.min(length, Math.ceil((count - start) / ratio)));
  const below = new Int32Array(to - from);
  const above = new Int32Array(to - from);
  const weight = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const position = start + i * ratio;
    const nearest = Math.round(position);
    const exact = Math.abs(position - nearest) < 1e-6 ? nearest : position; // round-off between equal grids
    const floor = Math.floor(exact);
    below[i - from] = floor >= 0 && floor < count ? floor : -1;
    above[i - from] = floor + 1 >= 0 && floor + 1 < count ? floor + 1 : -1;
    weight[i - from] = exact - floor;
  }
  return { from, to, below, above, weight };
}

/** The region that a mask may fill, on the mask's own grid. */
export function regionOfMask({ centreAngstrom, voxelSizeAngstrom, first, shape }: ParticleMask): Region {
  const { x, y, z } = centreAngstrom;
  return {
    originAngstrom: {
      x: x + first.x * voxelSizeAngstrom,
      y: y + first.y * voxelSizeAngstrom,
      z: z + first.z * voxelSizeAngstrom,
    },
    voxelSizeAngstrom,
    shape,
  };
}

/** The whole box of `edge` voxels that a mask was cropped from, on the mask's own grid. */
export function boxOfMask({ centreAngstrom: { x, y, z }, voxelSizeAngstrom }: ParticleMask, edge: number): Region {
  const half = Math.floor(edge / 2) * voxelSizeAngstrom;
  return {
    originAngstrom: { x: x - half, y: y - half, z: z - half },
    voxelSizeAngstrom,
    shape: [edge, edge, edge],
  };
}

/** Lowest and highest position along an axis that a mask reaches. */
export function reachOfMask(mask: ParticleMask, axis: "x" | "y" | "z"): readonly [number, number] {
  const count = mask.shape[axis === "x" ? 2 : axis === "y" ? 1 : 0];
  const low = mask.centreAngstrom[axis] + (mask.first[axis] - 1) * mask.voxelSizeAngstrom;
  return [low, low + (count + 1) * mask.voxelSizeAngstrom];
}
