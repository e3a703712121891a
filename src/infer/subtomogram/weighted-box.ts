/** Boxes with Fourier weights from files. */
import { forEachFrequency } from "../../volume/index.js";
import { createSpectrumBox } from "../align/spectrum-box.js";
import type { Subtomogram } from "../align/subtomogram.js";

/** How a box is related to its weight. */
export type BoxContrast =
  /** The sum of what was measured, each part times its transfer: RELION's pseudo-subtomograms. */
  | "multiplied"
  /** Contrast transfer was divided out, as in maps to look at. */
  | "restored"
  /** The box is as it was measured, and the weight is its contrast transfer, not squared: RELION 3. */
  | "plain";

/** Weights of less than this fraction of the largest of their shell say nothing: what is divided by them is kept from growing. */
const TELLING_WEIGHT = 0.2;

/**
 * Whether a box was multiplied by its weight or restored by it: its power grows with the weight, or falls with it, among
 * well-measured frequencies of about one length.
 * @param subtomogram the box's spectrum as it is, and the weight
 */
export function contrastOfBox({ edge, spectrum, weight }: Subtomogram): "multiplied" | "restored" {
  const shells = Math.floor(edge / 2);
  const largest = new Float64Array(shells + 1);
  const eachOfShells = (visit: (at: number, shell: number) => void) =>
    forEachFrequency(edge, (at, _, radius) => {
      const shell = Math.round(radius);
      if (shell >= 2 && shell <= shells) visit(at, shell);
    });
  eachOfShells((at, shell) => {
    largest[shell] = Math.max(largest[shell], weight[at]);
  });
  const sums = Array.from({ length: shells + 1 }, () => ({ n: 0, p: 0, w: 0, pw: 0 }));
  eachOfShells((at, shell) => {
    const power = spectrum[2 * at] ** 2 + spectrum[2 * at + 1] ** 2;
    if (!(weight[at] > TELLING_WEIGHT * largest[shell]) || power === 0) return;
    const [p, w] = [Math.log(power), Math.log(weight[at])];
    const sum = sums[shell];
    sum.n++;
    sum.p += p;
    sum.w += w;
    sum.pw += p * w;
  });
  const covariance = sums.reduce((total, { n, p, w, pw }) => total + (n > 0 ? pw - (p * w) / n : 0), 0);
  return covariance >= 0 ? "multiplied" : "restored";
}

/** The subtomogram of a box's spectrum and the weight of its file, both in the order of `Fft3`; overwrites both. */
export function withWeight({ edge, spectrum, weight }: Subtomogram, contrast: BoxContrast): Subtomogram {
  for (let at = 0; at < weight.length; at++) {
    const factor =
      contrast === "multiplied"
        ? weight[at] > 0
          ? 1
          : 0
        : contrast === "plain"
          ? weight[at]
          : Math.max(0, weight[at]);
    spectrum[2 * at] *= factor;
    spectrum[2 * at + 1] *= factor;
    weight[at] = contrast === "plain" ? weight[at] ** 2 : Math.max(0, weight[at]);
  }
  return { edge, spectrum, weight };
}

/** What restoring adds to the weight that it divides by, as a fraction of the weight's mean weighted by itself. */
const RESTORING_FLOOR = 0.07;

/**
 * The box of a subtomogram as networks are shown it: its weight, contrast transfer and sampling, divided out where it is more than a
 * floor. Multiplied by the contrast transfer twice, as RELION 5 and WarpTools write particles, a solid complex looks hollow.
 * @returns `[edge, edge, edge]`
 */
export function restoredBox({ edge, spectrum, weight }: Subtomogram): Float32Array {
  let [sum, squares] = [0, 0];
  for (const value of weight) {
    sum += value;
    squares += value * value;
  }
  const floor = sum > 0 ? (RESTORING_FLOOR * squares) / sum : 1;
  const restored = Float64Array.from(spectrum, (value, i) => value / (weight[i >> 1] + floor));
  return createSpectrumBox(edge).boxOf(restored);
}

/**
 * The spectrum scaled so that its power is the weight times the box's voxels, as of a box of variance 1 that was measured
 * everywhere: particles of one list then count alike, whatever their files' grey values.
 */
export function normaliseSubtomogram({ edge, spectrum, weight }: Subtomogram): Subtomogram {
  let [power, sum] = [0, 0];
  for (let at = 1; at < weight.length; at++) {
    power += spectrum[2 * at] ** 2 + spectrum[2 * at + 1] ** 2;
    sum += weight[at];
  }
  const scale = power > 0 ? Math.sqrt((edge ** 3 * sum) / power) : 0;
  for (let i = 0; i < spectrum.length; i++) spectrum[i] *= scale;
  return { edge, spectrum, weight };
}

/**
 * A weight on the grid of a box of another edge and voxel size, interpolated linearly; 0 beyond what the weight's own holds.
 * @param weight in the order of `Fft3`
 */
export function resampleWeight(
  weight: Float32Array,
  from: { readonly edge: number; readonly voxelSizeAngstrom: number },
  to: { readonly edge: number; readonly voxelSizeAngstrom: number },
): Float32Array {
  if (from.edge === to.edge && Math.abs(from.voxelSizeAngstrom / to.voxelSizeAngstrom - 1) < SAME_VOXEL_SIZE)
    return weight;
  const ratio = (from.edge * from.voxelSizeAngstrom) / (to.edge * to.voxelSizeAngstrom);
  const half = from.edge / 2;
  const halfWidth = Math.floor(half) + 1;
  const valueAt = (x: number, y: number, z: number): number => {
    if (x < 0) return valueAt(-x, -y, -z);
    if (x > half || Math.abs(y) > half || Math.abs(z) > half) return 0;
    const wrapped = (k: number) => (k < 0 ? k + from.edge : k);
    return weight[(wrapped(z) * from.edge + wrapped(y)) * halfWidth + x];
  };
  const resampled = new Float32Array(to.edge * to.edge * (Math.floor(to.edge / 2) + 1));
  forEachFrequency(to.edge, (at, frequency) => {
    const [x, y, z] = [frequency.x * ratio, frequency.y * ratio, frequency.z * ratio];
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    let sum = 0;
    for (const iz of [z0, z0 + 1])
      for (const iy of [y0, y0 + 1])
        for (const ix of [x0, x0 + 1]) {
          const share = (1 - Math.abs(x - ix)) * (1 - Math.abs(y - iy)) * (1 - Math.abs(z - iz));
          if (share > 0) sum += share * valueAt(ix, iy, iz);
        }
    resampled[at] = sum;
  });
  return resampled;
}

/** Headers round voxel sizes. */
const SAME_VOXEL_SIZE = 1e-3;
