import { centreIndex } from "../../../volume/index.js";
import { borrowMemory } from "../../../wasm/index.js";
import { createProjectKernel } from "./project-kernel.js";

/** Rows y that are projected side by side. */
export const ROW_GROUP = 4;

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
  readonly tiltDegrees: readonly number[];
  readonly oversampling: number;
  /** Samples of one fine line: a power of two, with room for every voxel at every tilt; the centre is its middle. */
  readonly fineLength: number;
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
  return { nz, nx, tiltDegrees, oversampling, fineLength: oversampling * length };
}

/**
 * Four neighbouring planes and their lines in memory of their own, so that places and weights are computed once for four.
 * A pass costs 4 nz nx tilts updates. Disposal gives the memory, whose first use costs more than a pass, to the next one.
 */
export interface PlaneProjector extends Disposable {
  readonly geometry: PlaneGeometry;
  /** `[nz, nx, 4]`. */
  readonly planes: Float32Array;
  /** Of each tilt, `[fineLength, 4]`. */
  readonly lines: readonly Float32Array[];
  /** Sets the lines to the projections of the planes: every voxel is shared between the two nearest samples. */
  project(): void;
  /** Sets the planes to the adjoint: every voxel gets the sum of the tilts' lines where it projects. */
  backProject(): void;
}

/** Rows of a plane that stay in the second-level cache while all tilts pass over them. */
const BLOCK_ROWS = 32;
const GROUP_BYTES = 4 * ROW_GROUP;

export function createPlaneProjector(geometry: PlaneGeometry): PlaneProjector {
  const { nz, nx, tiltDegrees, oversampling, fineLength } = geometry;
  const linesAt = GROUP_BYTES * nz * nx;
  const lineBytes = GROUP_BYTES * fineLength;
  const borrowed = borrowMemory(linesAt + lineBytes * tiltDegrees.length);
  const { memory } = borrowed;
  const kernel = createProjectKernel(memory);
  const planes = new Float32Array(memory.buffer, 0, ROW_GROUP * nz * nx);
  const all = new Float32Array(memory.buffer, linesAt, ROW_GROUP * fineLength * tiltDegrees.length);
  const [cx, cz] = [centreIndex(nx), centreIndex(nz)];
  const radians = tiltDegrees.map((degrees) => (degrees * Math.PI) / 180);
  const steps = radians.map((angle) => oversampling * Math.cos(angle));
  const rises = radians.map((angle) => oversampling * Math.sin(angle));

  /** Calls `row` for each row z of voxels and tilt, blocks of rows first, `tilts` tilts at a time. */
  function eachRow(tilts: number, row: (z: number, tilt: number) => void): void {
    for (let block = 0; block < nz; block += BLOCK_ROWS) {
      const end = Math.min(nz, block + BLOCK_ROWS);
      for (let tilt = 0; tilt < tiltDegrees.length; tilt += tilts) for (let z = block; z < end; z++) row(z, tilt);
    }
  }
  const rowBytes = GROUP_BYTES * nx;
  const lineOf = (tilt: number): number => linesAt + tilt * lineBytes;
  /** Where the first voxel of row z projects. */
  const placeOf = (tilt: number, z: number): number => fineLength / 2 - cx * steps[tilt] + (z - cz) * rises[tilt];

  return {
    geometry,
    planes,
    lines: tiltDegrees.map((_, tilt) =>
      all.subarray(ROW_GROUP * fineLength * tilt, ROW_GROUP * fineLength * (tilt + 1)),
    ),
    project() {
      all.fill(0);
      eachRow(1, (z, tilt) => {
        const row = rowBytes * z;
        kernel.project(row, lineOf(tilt), row + rowBytes, placeOf(tilt, z), steps[tilt]);
      });
    },
    backProject() {
      planes.fill(0);
      eachRow(2, (z, tilt) => {
        const [row, other] = [rowBytes * z, tilt + 1];
        const [line, place, step] = [lineOf(tilt), placeOf(tilt, z), steps[tilt]];
        if (other === tiltDegrees.length) kernel.backProject(row, line, row + rowBytes, place, step);
        else {
          const [otherLine, otherPlace] = [lineOf(other), placeOf(other, z)];
          kernel.backProjectTwo(row, row + rowBytes, line, place, step, otherLine, otherPlace, steps[other]);
        }
      });
    },
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}
