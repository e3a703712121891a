import type { Quaternion } from "../../../volume/index.js";
import type { Frequencies } from "../../align/frequencies.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { FourierSum } from "../fourier-sum.js";

const NO_SHIFT = { x: 0, y: 0, z: 0 };

/** Values of the lowest frequencies as a subtomogram: `spectrum` `[2, count]`, real parts first, and `weights` `[count]`. */
export function createBandWriter({ edge, x, y, z, at }: Frequencies) {
  const halfWidth = Math.floor(edge / 2) + 1;
  const wrap = (k: number): number => (k < 0 ? k + edge : k);
  const mirror = Int32Array.from(at, (_, k) => (x[k] === 0 ? (wrap(-z[k]) * edge + wrap(-y[k])) * halfWidth : -1));
  const particle: Subtomogram = {
    edge,
    spectrum: new Float32Array(2 * edge * edge * halfWidth),
    weight: new Float32Array(edge * edge * halfWidth),
  };
  /** The subtomogram is the same each time, overwritten. */
  return function write(spectrum: Float32Array, weights: Float32Array): Subtomogram {
    const count = weights.length;
    particle.weight.fill(0);
    for (let k = 0; k < count; k++) {
      const [real, imaginary] = [spectrum[k], spectrum[count + k]];
      particle.spectrum[2 * at[k]] = real;
      particle.spectrum[2 * at[k] + 1] = imaginary;
      particle.weight[at[k]] = weights[k];
      if (mirror[k] < 0) continue;
      particle.spectrum[2 * mirror[k]] = real;
      particle.spectrum[2 * mirror[k] + 1] = -imaginary;
      particle.weight[mirror[k]] = weights[k];
    }
    return particle;
  };
}

/** Adds what particles showed in each rotation, `[rotations, 2 * count]` and `[rotations, count]`, to a reference's sum. */
export function addTurned(
  sum: FourierSum,
  write: ReturnType<typeof createBandWriter>,
  rotations: readonly Quaternion[],
  { sums, sumWeights }: { readonly sums: Float32Array; readonly sumWeights: Float32Array },
): void {
  const count = sumWeights.length / rotations.length;
  for (const [r, rotation] of rotations.entries()) {
    const weights = sumWeights.subarray(r * count, (r + 1) * count);
    if (weights[0] < SMALLEST_SHARE && weights.every((weight) => weight < SMALLEST_SHARE)) continue;
    sum.add(write(sums.subarray(2 * r * count, 2 * (r + 1) * count), weights), { rotation, shiftVoxels: NO_SHIFT });
  }
}

/** Rotations in which less than this of a particle lies are left out. */
const SMALLEST_SHARE = 1e-7;
