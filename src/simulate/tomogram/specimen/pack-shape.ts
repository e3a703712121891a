import { gaussianFilterInPlace, type Matrix3 } from "../../../volume/index.js";
import { reach } from "../../complexes/beads.js";
import type { Complex } from "../../complexes/complex.js";
import { defaultImaging, MASK_BLUR_ANGSTROM } from "../../particle/imaging.js";
import { beadsOf, splat } from "../../particle/splat.js";

/** Spacing of the reference field: less than the blur, so that linear interpolation hardly changes it. */
const SPACING_ANGSTROM = 5;

/** The blurred density of a complex in its own frame, on a cubic grid centred on the centre of mass. */
export interface SurfaceField {
  readonly data: Float32Array;
  /** Odd edge of the grid. */
  readonly edge: number;
  readonly spacingAngstrom: number;
  /** The surface is where the field has this value. */
  readonly level: number;
  /** Of the cell of eight points that begins at each point: all outside, all inside, or on both sides of the surface. */
  readonly sides: Uint8Array;
  /** No point of the surface is farther from the centre. */
  readonly reachAngstrom: number;
  /** Every point nearer to the centre is inside; 0 for hollow complexes. */
  readonly innerRadiusAngstrom: number;
}

/**
 * The surface of a complex, once for all poses: where its density, blurred by 8 Å, exceeds 35 % of its maximum, as in the masks of single particles. A box
 * drawn at `voxelSizeAngstrom` divides each bead among eight voxels, which blurs by another voxel^2 / 6 in variance; the
 * field holds as much, less what its own grid adds twice (when it is written and when it is read).
 */
export function surfaceField(complex: Complex, voxelSizeAngstrom: number): SurfaceField {
  const beads = beadsOf(complex);
  const h = SPACING_ANGSTROM;
  const half = Math.ceil((reach(beads) + 3 * MASK_BLUR_ANGSTROM + voxelSizeAngstrom) / h) + 1;
  const edge = 2 * half + 1;
  const data = new Float32Array(edge ** 3);
  const matrix: Matrix3 = [1 / h, 0, 0, 0, 1 / h, 0, 0, 0, 1 / h];
  splat(data, [edge, edge, edge], beads, { matrix, x: half, y: half, z: half });
  const sigma = Math.sqrt(MASK_BLUR_ANGSTROM ** 2 + voxelSizeAngstrom ** 2 / 6 - h ** 2 / 3);
  gaussianFilterInPlace(data, [edge, edge, edge], sigma / h);
  let highest = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > highest) highest = data[i];
  const level = defaultImaging.maskLevel * highest;
  const sides = cellSides(data, edge, level);
  let [outermost, innermost] = [0, Infinity];
  for (let z = -half, i = 0; z <= half; z++)
    for (let y = -half; y <= half; y++)
      for (let x = -half; x <= half; x++, i++) {
        const square = x * x + y * y + z * z;
        if (data[i] > level) outermost = Math.max(outermost, square);
        else innermost = Math.min(innermost, square);
      }
  return {
    data,
    edge,
    spacingAngstrom: h,
    level,
    sides,
    reachAngstrom: (Math.sqrt(outermost) + 1) * h,
    innerRadiusAngstrom: Math.max(0, (Math.sqrt(innermost) - 1) * h),
  };
}

const [OUTSIDE, INSIDE, BOTH] = [0, 1, 2];

/** See `SurfaceField.sides`. What is interpolated between eight values lies between them, but for the last bits. */
function cellSides(data: Float32Array, edge: number, level: number): Uint8Array {
  const sides = new Uint8Array(data.length);
  const plane = edge * edge;
  const corners = [0, 1, edge, edge + 1, plane, plane + 1, plane + edge, plane + edge + 1];
  const [above, below] = [level * (1 + 1e-9), level * (1 - 1e-9)];
  for (let at = 0; at + plane + edge + 1 < data.length; at++) {
    let [low, high] = [Infinity, -Infinity];
    for (const corner of corners) {
      const value = data[at + corner];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    sides[at] = low > above ? INSIDE : high < below ? OUTSIDE : BOTH;
  }
  return sides;
}

/**
 * A set of voxels in a small box, a bit each: row (z, y) is the words from `(z * edge + y) * words`, and bit `b` of word
 * `w` is x = 32 w + b. Rows without a voxel are not listed. Reused from pose to pose.
 */
export interface ShapeBits {
  edge: number;
  words: number;
  bits: Uint32Array;
  rows: Int32Array;
  rowCount: number;
  voxels: number;
  /** Lowest and highest index of a voxel along x, y, z. */
  low: [number, number, number];
  high: [number, number, number];
}

/** An empty set, to be filled by `rotateShape` or `dilateShape`. */
export function createShapeBits(): ShapeBits {
  return {
    edge: 0,
    words: 0,
    bits: new Uint32Array(0),
    rows: new Int32Array(0),
    rowCount: 0,
    voxels: 0,
    low: [0, 0, 0],
    high: [0, 0, 0],
  };
}

function reserve(shape: ShapeBits, edge: number): void {
  shape.edge = edge;
  shape.words = (edge + 31) >> 5;
  const length = edge * edge * shape.words;
  if (shape.bits.length < length) {
    shape.bits = new Uint32Array(length);
    shape.rows = new Int32Array(edge * edge);
  } else shape.bits.fill(0, 0, length);
}

/** Edge of the box that holds a surface in any pose with `margin` voxels around. */
export function shapeEdge({ reachAngstrom }: SurfaceField, voxelSizeAngstrom: number, margin: number): number {
  return 2 * (Math.ceil(reachAngstrom / voxelSizeAngstrom) + margin + 1) + 1;
}

/**
 * The voxels inside the surface rotated by `rotation`, its centre at the middle voxel of the box plus `offset` (each
 * coordinate within half a voxel). Visits the voxels of the enclosing sphere: about 20 operations each.
 */
export function rotateShape(
  field: SurfaceField,
  rotation: Matrix3,
  offset: readonly [x: number, y: number, z: number],
  { voxelSizeAngstrom, margin }: { voxelSizeAngstrom: number; margin: number },
  into: ShapeBits,
): void {
  const edge = shapeEdge(field, voxelSizeAngstrom, margin);
  reserve(into, edge);
  const { data, sides, edge: n, level } = field;
  const plane = n * n;
  const scale = voxelSizeAngstrom / field.spacingAngstrom;
  const [a, b, c, d, e, f, g, h, i] = rotation.map((value) => value * scale) as unknown as Matrix3;
  const middle = (edge - 1) / 2;
  const centre = (n - 1) / 2;
  const radius2 = (field.reachAngstrom / voxelSizeAngstrom) ** 2;
  const { bits, words } = into;
  for (let z = 0; z < edge; z++) {
    const rz = z - middle - offset[2];
    for (let y = 0; y < edge; y++) {
      const ry = y - middle - offset[1];
      const chord2 = radius2 - rz * rz - ry * ry;
      if (chord2 <= 0) continue;
      const chord = Math.sqrt(chord2);
      const from = Math.max(0, Math.ceil(middle + offset[0] - chord));
      const to = Math.min(edge - 1, Math.floor(middle + offset[0] + chord));
      const rx = from - middle - offset[0];
      let u = a * rx + d * ry + g * rz + centre; // the transpose is the inverse rotation
      let v = b * rx + e * ry + h * rz + centre;
      let w = c * rx + f * ry + i * rz + centre;
      const row = (z * edge + y) * words;
      for (let x = from; x <= to; x++, u += a, v += b, w += c) {
        const iu = u | 0;
        const iv = v | 0;
        const iw = w | 0;
        const at = iw * plane + iv * n + iu;
        const side = sides[at];
        if (side === OUTSIDE) continue;
        if (side === INSIDE) {
          bits[row + (x >> 5)] |= 1 << (x & 31);
          continue;
        }
        const fu = u - iu;
        const fv = v - iv;
        const near = data[at] + fu * (data[at + 1] - data[at]);
        const nearV = data[at + n] + fu * (data[at + n + 1] - data[at + n]);
        const far = data[at + plane] + fu * (data[at + plane + 1] - data[at + plane]);
        const farV = data[at + plane + n] + fu * (data[at + plane + n + 1] - data[at + plane + n]);
        const low = near + fv * (nearV - near);
        if (low + (w - iw) * (far + fv * (farV - far) - low) > level) bits[row + (x >> 5)] |= 1 << (x & 31);
      }
    }
  }
  measure(into);
}

/** `into` holds what is within `margin` voxels of `shape`, counted along x, then y, then z (a cube). */
export function dilateShape(shape: ShapeBits, margin: number, into: ShapeBits): void {
  const { edge, words } = shape;
  reserve(into, edge);
  const length = edge * edge * words;
  into.bits.set(shape.bits.subarray(0, length));
  const plane = edge * words;
  for (let step = 0; step < margin; step++) {
    const { bits } = into;
    for (let row = 0; row < length; row += words) {
      let carry = 0; // the last bit of the word before
      for (let w = 0; w < words; w++) {
        const here = bits[row + w];
        const next = w + 1 < words ? bits[row + w + 1] : 0;
        bits[row + w] = here | (here << 1) | carry | (here >>> 1) | (next << 31);
        carry = here >>> 31;
      }
    }
    spread(bits, length, words, plane);
    spread(bits, length, plane, length);
  }
  measure(into);
}

/** Joins each line of `stride`-separated words with its two neighbours, in blocks of `block` words. */
function spread(bits: Uint32Array, length: number, stride: number, block: number): void {
  for (let start = 0; start < length; start += block)
    for (let column = 0; column < stride; column++) {
      let before = 0;
      const end = start + block;
      for (let at = start + column; at < end; at += stride) {
        const here = bits[at];
        const next = at + stride < end ? bits[at + stride] : 0;
        bits[at] = before | here | next;
        before = here;
      }
    }
}

/** Lists the rows that hold voxels, the middle ones first, as they collide the soonest; counts and bounds the voxels. */
function measure(shape: ShapeBits): void {
  const { edge, words, bits, rows } = shape;
  let [count, voxels] = [0, 0];
  const low: [number, number, number] = [edge, edge, edge];
  const high: [number, number, number] = [-1, -1, -1];
  const middle = edge >> 1;
  for (let k = 0; k < edge; k++) {
    const z = k & 1 ? middle - ((k + 1) >> 1) : middle + (k >> 1); // middle, one below, one above, ...
    for (let y = 0; y < edge; y++) {
      const at = (z * edge + y) * words;
      let any = false;
      for (let w = 0; w < words; w++) {
        const word = bits[at + w];
        if (word === 0) continue;
        any = true;
        voxels += countBits(word);
        low[0] = Math.min(low[0], 32 * w + 31 - Math.clz32(word & -word));
        high[0] = Math.max(high[0], 32 * w + 31 - Math.clz32(word));
      }
      if (!any) continue;
      rows[count++] = z * edge + y;
      low[1] = Math.min(low[1], y);
      high[1] = Math.max(high[1], y);
      low[2] = Math.min(low[2], z);
      high[2] = Math.max(high[2], z);
    }
  }
  shape.rowCount = count;
  shape.voxels = voxels;
  shape.low = low;
  shape.high = high;
}

/** Population count of 32 bits (Warren, Hacker's Delight). */
function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
