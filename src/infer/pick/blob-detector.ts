import { gaussianFilterInPlace, type Shape3 } from "../../volume/index.js";
import type { TileDetector } from "./detector.js";

const EDGE = 128;
const CELL = 2;
const VOXEL_SIZE_ANGSTROM = 10;
/** Radii that are looked for, a factor of the square root of 2 apart. */
const RADII_ANGSTROM = [35, 49, 70, 99];
/** A Gaussian falls to 1e-3 of its peak at 3.7 sigma, where the filter cuts it. */
const REACH_SIGMAS = 3.7;

/**
 * The classical way to find particles, for comparison: differences of Gaussians, each tuned to spheres of one radius
 * (sigma = radius / sqrt 3, times sqrt 2 for the next), the strongest radius winning. No training, no model of a
 * particle. The score is `r / (1 + r)` of the response `r` in standard deviations of the tomogram's voxels.
 */
export function createBlobDetector(): TileDetector {
  const n = EDGE / CELL;
  const shape: Shape3 = [n, n, n];
  const sigmas = [...RADII_ANGSTROM, Math.max(...RADII_ANGSTROM) * Math.SQRT2].map(
    (radius) => radius / Math.sqrt(3) / (CELL * VOXEL_SIZE_ANGSTROM),
  );
  const reach = CELL * Math.ceil(REACH_SIGMAS * Math.max(...sigmas));
  const blurred = sigmas.map(() => new Float32Array(n ** 3));
  return {
    edge: EDGE,
    haloVoxels: reach + CELL,
    strideVoxels: CELL,
    cellVoxels: CELL,
    voxelSizeAngstrom: VOXEL_SIZE_ANGSTROM,
    async detect(volume) {
      const cells = binned(volume);
      sigmas.forEach((sigma, i) => {
        blurred[i].set(cells);
        gaussianFilterInPlace(blurred[i], shape, sigma);
      });
      const centre = new Float32Array(cells.length);
      const radiusVoxels = new Float32Array(cells.length);
      for (let cell = 0; cell < cells.length; cell++)
        for (let i = 0; i < RADII_ANGSTROM.length; i++) {
          const response = blurred[i][cell] - blurred[i + 1][cell];
          if (i > 0 && response <= centre[cell]) continue;
          centre[cell] = response;
          radiusVoxels[cell] = RADII_ANGSTROM[i] / VOXEL_SIZE_ANGSTROM;
        }
      for (let cell = 0; cell < cells.length; cell++) {
        const response = Math.max(0, centre[cell]);
        centre[cell] = response / (1 + response);
      }
      return { centre, radiusVoxels };
    },
    release: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Means of 2x2x2 voxels. */
function binned(volume: Float32Array): Float32Array {
  const n = EDGE / CELL;
  const result = new Float32Array(n ** 3);
  for (let z = 0; z < EDGE; z++)
    for (let y = 0; y < EDGE; y++) {
      const to = ((z >> 1) * n + (y >> 1)) * n;
      const from = (z * EDGE + y) * EDGE;
      for (let x = 0; x < EDGE; x++) result[to + (x >> 1)] += volume[from + x] / CELL ** 3;
    }
  return result;
}
