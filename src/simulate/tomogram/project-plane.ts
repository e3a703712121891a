import { centreIndex } from "../../volume/index.js";

/**
 * The geometry that projection and back-projection share. The tilt axis is y and the beam runs along z; a positive tilt turns
 * the specimen right-handed about +y, so that what is at (x, z) from the centre shows at `u = x cos t + z sin t` from the
 * image's centre. Centres are the indices floor(n / 2). Every row y is a problem of its own: a plane [nz, nx] and one line
 * per tilt.
 *
 * Lines are sampled `oversampling` times as finely as voxels: linear interpolation between samples that close, with its
 * attenuation divided out (see row-transform), is nearly exact up to the voxels' Nyquist frequency. Two is enough for lines
 * that hold nothing beyond that frequency; projecting voxels, whose spectrum repeats, takes four, and still folds
 * (f / 4)^2 of a repetition back onto frequency f at tilts where one lies so.
 */
export interface PlaneGeometry {
  readonly nz: number;
  readonly nx: number;
  readonly tiltCount: number;
  /** Samples of one fine line: a power of two, with room for every voxel at every tilt; the centre is its middle. */
  readonly fineLength: number;
  readonly oversampling: number;
  /** The cosine and the sine of each tilt, times the oversampling. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** `oversampling` is a power of two; `paddedWidth` asks for lines of at least that many voxels, for filters that reach far. */
export function planeGeometry(
  { nz, nx }: { readonly nz: number; readonly nx: number },
  tiltDegrees: readonly number[],
  { oversampling = 2, paddedWidth = 0 } = {},
): PlaneGeometry {
  const diagonal = 2 * Math.ceil(Math.hypot(nx / 2 + 1, nz / 2 + 1)) + 4;
  let length = 8;
  while (length < Math.max(diagonal, paddedWidth)) length *= 2;
  const radians = tiltDegrees.map((degrees) => (degrees * Math.PI) / 180);
  return {
    nz,
    nx,
    tiltCount: tiltDegrees.length,
    fineLength: oversampling * length,
    oversampling,
    cosines: Float64Array.from(radians, (angle) => oversampling * Math.cos(angle)),
    sines: Float64Array.from(radians, (angle) => oversampling * Math.sin(angle)),
  };
}

/** Rows of a plane that stay in the second-level cache while all tilts pass over them. */
const BLOCK_ROWS = 32;

/**
 * Adds two neighbouring planes to their lines: every voxel is shared between the two nearest samples of each tilt's line.
 * Planes are `[nz, nx, 2]` and lines `[tilts, fineLength, 2]`, the two rows y in turn, so that places and weights are
 * computed once for both. About 2 nz nx tilts updates of two additions each.
 */
export function projectPlanes(geometry: PlaneGeometry, planes: Float64Array, lines: Float64Array): void {
  const { nz, nx, tiltCount, fineLength, cosines, sines } = geometry;
  const [cx, cz] = [centreIndex(nx), centreIndex(nz)];
  for (let block = 0; block < nz; block += BLOCK_ROWS) {
    const end = Math.min(nz, block + BLOCK_ROWS);
    for (let tilt = 0; tilt < tiltCount; tilt++) {
      const step = cosines[tilt]!;
      const middle = tilt * fineLength + fineLength / 2 - cx * step;
      for (let z = block; z < end; z++) {
        const start = middle + (z - cz) * sines[tilt]!;
        let at = 2 * z * nx;
        for (let x = 0; x < nx; x++, at += 2) {
          const place = start + x * step;
          const below = place | 0;
          const share = place - below;
          const to = 2 * below;
          const first = planes[at]!;
          const second = planes[at + 1]!;
          const firstAbove = first * share;
          const secondAbove = second * share;
          lines[to]! += first - firstAbove;
          lines[to + 1]! += second - secondAbove;
          lines[to + 2]! += firstAbove;
          lines[to + 3]! += secondAbove;
        }
      }
    }
  }
}

/** The adjoint of `projectPlanes`: adds to every voxel the value of each tilt's line where the voxel projects. */
export function backProjectPlanes(geometry: PlaneGeometry, lines: Float64Array, planes: Float64Array): void {
  const { nz, nx, tiltCount, fineLength, cosines, sines } = geometry;
  const [cx, cz] = [centreIndex(nx), centreIndex(nz)];
  for (let block = 0; block < nz; block += BLOCK_ROWS) {
    const end = Math.min(nz, block + BLOCK_ROWS);
    for (let tilt = 0; tilt < tiltCount; tilt++) {
      const step = cosines[tilt]!;
      const middle = tilt * fineLength + fineLength / 2 - cx * step;
      for (let z = block; z < end; z++) {
        const start = middle + (z - cz) * sines[tilt]!;
        let at = 2 * z * nx;
        for (let x = 0; x < nx; x++, at += 2) {
          const place = start + x * step;
          const below = place | 0;
          const share = place - below;
          const from = 2 * below;
          const first = lines[from]!;
          const second = lines[from + 1]!;
          planes[at]! += first + share * (lines[from + 2]! - first);
          planes[at + 1]! += second + share * (lines[from + 3]! - second);
        }
      }
    }
  }
}
