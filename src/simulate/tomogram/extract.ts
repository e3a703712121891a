import { centreIndex, type Random, type Shape3, type Vector3 } from "../../volume/index.js";

/** A cube cut out of a volume at whole voxels. */
export interface BoxPlace {
  /** The voxel that comes to index floor(size / 2) of the box, along each axis. */
  readonly centre: readonly [x: number, y: number, z: number];
  /** The particle's centre minus that voxel's: at most half a voxel along each axis. */
  readonly remainderVoxels: Vector3;
  /** Share of the box, 0 to 1, that lies outside the volume. */
  readonly outsideFraction: number;
}

/** Sections that neighbours in reading order share: few enough to stay in the cache, enough for many boxes. */
const SLAB_SECTIONS = 16;

/** Orders corners or centres `[z, y, x]` so that boxes find in the cache what those before have read: slab by slab, along y. */
export function inReadingOrder(
  one: readonly [number, number, number],
  other: readonly [number, number, number],
): number {
  const slab = ([z]: typeof one) => Math.floor(z / SLAB_SECTIONS);
  return slab(one) - slab(other) || one[1] - other[1] || one[0] - other[0] || one[2] - other[2];
}

/** Where a box of `size` voxels lies around a position, in Ångström from the centre of voxel (0, 0, 0). */
export function boxPlace(
  { x, y, z }: Vector3,
  size: number,
  { shape: [nz, ny, nx], voxelSizeAngstrom }: { readonly shape: Shape3; readonly voxelSizeAngstrom: number },
): BoxPlace {
  const exact = [x / voxelSizeAngstrom, y / voxelSizeAngstrom, z / voxelSizeAngstrom] as const;
  const centre = [Math.round(exact[0]), Math.round(exact[1]), Math.round(exact[2])] as const;
  let inside = 1;
  [nx, ny, nz].forEach((n, axis) => {
    const first = centre[axis] - centreIndex(size);
    inside *= Math.max(0, Math.min(n, first + size) - Math.max(0, first)) / size;
  });
  return {
    centre,
    remainderVoxels: { x: exact[0] - centre[0], y: exact[1] - centre[1], z: exact[2] - centre[2] },
    outsideFraction: 1 - inside,
  };
}

/**
 * Copies the box around `centre` into `into` (`size`^3 values). What lies outside the volume gets the mean of the rest,
 * as in `readMrcBoxes`, or `outside` when given.
 */
export function extractBox(
  data: Float32Array,
  [nz, ny, nx]: Shape3,
  centre: BoxPlace["centre"],
  { size, into, outside }: { readonly size: number; readonly into: Float32Array; readonly outside?: number },
): void {
  const half = centreIndex(size);
  const [x0, y0, z0] = [centre[0] - half, centre[1] - half, centre[2] - half];
  if (x0 >= 0 && y0 >= 0 && z0 >= 0 && x0 + size <= nx && y0 + size <= ny && z0 + size <= nz) {
    // Bits are copied, since engines widen and narrow each float on its way.
    const [from, to] = [bitsOf(data), bitsOf(into)];
    for (let z = 0, at = 0; z < size; z++)
      for (let y = 0; y < size; y++) {
        let source = ((z0 + z) * ny + y0 + y) * nx + x0;
        const end = source + size;
        for (; source + 3 < end; source += 4, at += 4) {
          to[at] = from[source];
          to[at + 1] = from[source + 1];
          to[at + 2] = from[source + 2];
          to[at + 3] = from[source + 3];
        }
        while (source < end) to[at++] = from[source++];
      }
    return;
  }
  const from = Math.max(0, -x0);
  const to = Math.min(size, nx - x0);
  let [sum, count] = [0, 0];
  for (let z = Math.max(0, -z0); z < Math.min(size, nz - z0); z++)
    for (let y = Math.max(0, -y0); y < Math.min(size, ny - y0); y++) {
      const source = ((z0 + z) * ny + y0 + y) * nx + x0;
      const target = (z * size + y) * size;
      for (let x = from; x < to; x++) sum += into[target + x] = data[source + x];
      count += Math.max(0, to - from);
    }
  const rest = outside ?? (count === 0 ? 0 : sum / count);
  for (let z = 0, at = 0; z < size; z++)
    for (let y = 0; y < size; y++) {
      const line = z0 + z < 0 || z0 + z >= nz || y0 + y < 0 || y0 + y >= ny;
      for (let x = 0; x < size; x++, at++) if (line || x < from || x >= to) into[at] = rest;
    }
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

/** 1 where the label volume has `instance`, 0 elsewhere and outside the volume. */
export function extractMask(
  labels: Uint16Array | Uint32Array | Float32Array,
  [nz, ny, nx]: Shape3,
  centre: BoxPlace["centre"],
  { size, into, instance }: { readonly size: number; readonly into: Uint8Array; readonly instance: number },
): void {
  const half = centreIndex(size);
  const [x0, y0, z0] = [centre[0] - half, centre[1] - half, centre[2] - half];
  into.fill(0);
  for (let z = Math.max(0, -z0); z < Math.min(size, nz - z0); z++)
    for (let y = Math.max(0, -y0); y < Math.min(size, ny - y0); y++) {
      const source = ((z0 + z) * ny + y0 + y) * nx + x0;
      const target = (z * size + y) * size;
      for (let x = Math.max(0, -x0); x < Math.min(size, nx - x0); x++)
        if (labels[source + x] === instance) into[target + x] = 1;
    }
}

/**
 * Which of the boxes to keep, by index, in rising order: with "skip" those wholly inside, with "fill" those whose centre
 * voxel is inside; a random choice of `count` when there are more.
 */
export function chooseBoxes(
  places: readonly BoxPlace[],
  { edges, count, random }: { edges: "skip" | "fill"; count?: number | undefined; random: Random },
): number[] {
  const good = places.flatMap(({ outsideFraction }, index) =>
    outsideFraction <= (edges === "skip" ? 1e-9 : 0.875) ? [index] : [],
  );
  if (count === undefined || count >= good.length) return good;
  return random
    .sample(good.length, count)
    .sort((one, other) => one - other)
    .map((index) => good[index]);
}
