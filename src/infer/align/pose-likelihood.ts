import { type Pose, quaternionToMatrix } from "../../volume/index.js";
import { interpolate, phaseTables, radiansOf } from "./field-sampling.js";
import type { Observation } from "./observation.js";
import type { ReferenceField } from "./reference-field.js";
import type { ShellFactors } from "./shell-factors.js";

/** Numbers that a pose has: rotation about x, y, z (radians, on top of the present one), shift along x, y, z (voxels). */
export const POSE_NUMBERS = 6;

/** How a log-likelihood changes with the pose; filled by `evaluatePose`. */
export interface PoseDerivatives {
  readonly gradient: Float64Array;
  /** `[6, 6]`, the expected information: symmetric, no eigenvalue negative. */
  readonly information: Float64Array;
}

export const createDerivatives = (): PoseDerivatives => ({
  gradient: new Float64Array(POSE_NUMBERS),
  information: new Float64Array(POSE_NUMBERS ** 2),
});

/** Value and derivatives along x, y, z of the three fields at one place. */
const interpolated = new Float64Array(12);
/** Derivatives of the model's real and imaginary part by the six numbers. */
const slopes = new Float64Array(2 * POSE_NUMBERS);

/**
 * By how much the particle is likelier to be the reference at `pose` than to have nothing to do with it: a difference of
 * log-likelihoods (see `ShellFactors` for the model) over the first `count` frequencies.
 */
export function evaluatePose(
  { frequencies, values, weights, powers }: Observation,
  field: ReferenceField,
  { cross, own, constant, gain }: ShellFactors,
  { rotation, shiftVoxels }: Pose,
  count: number,
  derivatives?: PoseDerivatives,
): number {
  const { x: kx, y: ky, z: kz, shell } = frequencies;
  const { cells, reach } = field;
  const matrix = quaternionToMatrix(rotation);
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const [strideY, strideZ] = [4 * (reach + 1), 4 * (reach + 1) * (2 * reach + 1)];
  const origin = reach * (strideY + strideZ);
  const { cosines, sines, middle } = phaseTables(shiftVoxels, frequencies);
  const width = 2 * middle + 1;
  const [first, second, third] = [middle, middle + width, middle + 2 * width];
  derivatives?.gradient.fill(0);
  derivatives?.information.fill(0);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const weight = weights[k];
    if (weight === 0) continue;
    const x = kx[k];
    const y = ky[k];
    const z = kz[k];
    const qx = 2 * (a * x + d * y + g * z);
    const mirror = qx < 0 ? -1 : 1;
    const ux = mirror * qx;
    const uy = mirror * 2 * (b * x + e * y + h * z);
    const uz = mirror * 2 * (c * x + f * y + i * z);
    const ix = Math.floor(ux);
    const iy = Math.floor(uy);
    const iz = Math.floor(uz);
    const at = origin + iz * strideZ + iy * strideY + 4 * ix;
    for (let channel = 0; channel < 3; channel++)
      interpolate(cells, at + channel, strideY, strideZ, ux - ix, uy - iy, uz - iz, interpolated, 4 * channel);
    const s = shell[k];
    // exp(-2 pi i k shift / edge) is a product over the axes.
    const xyReal = cosines[first + x] * cosines[second + y] - sines[first + x] * sines[second + y];
    const xyImaginary = cosines[first + x] * sines[second + y] + sines[first + x] * cosines[second + y];
    const phaseReal = gain[s] * (xyReal * cosines[third + z] - xyImaginary * sines[third + z]);
    const phaseImaginary = gain[s] * (xyReal * sines[third + z] + xyImaginary * cosines[third + z]);
    const fieldReal = interpolated[0];
    const fieldImaginary = mirror * interpolated[4];
    const measured = interpolated[8];
    const real = phaseReal * fieldReal - phaseImaginary * fieldImaginary;
    const imaginary = phaseReal * fieldImaginary + phaseImaginary * fieldReal;
    const particleReal = values[2 * k];
    const particleImaginary = values[2 * k + 1];
    const ofMeasured = constant[s] - own[s] * powers[k];
    sum +=
      cross[s] * (particleReal * real + particleImaginary * imaginary) -
      own[s] * weight * (real * real + imaginary * imaginary) +
      ofMeasured * measured;
    if (!derivatives) continue;
    const slopeReal = cross[s] * particleReal - 2 * own[s] * weight * real;
    const slopeImaginary = cross[s] * particleImaginary - 2 * own[s] * weight * imaginary;
    // Gradients of the fields in the particle's frame, per Fourier pixel of the box.
    const [g0, g1, g2] = [interpolated[1], interpolated[2], interpolated[3]];
    const [h0, h1, h2] = [interpolated[5], interpolated[6], interpolated[7]];
    const [m0, m1, m2] = [interpolated[9], interpolated[10], interpolated[11]];
    const scale = 2 * mirror; // of the field's real part; the imaginary part's own sign cancels it
    const realX = scale * (a * g0 + b * g1 + c * g2);
    const realY = scale * (d * g0 + e * g1 + f * g2);
    const realZ = scale * (g * g0 + h * g1 + i * g2);
    const imaginaryX = 2 * (a * h0 + b * h1 + c * h2);
    const imaginaryY = 2 * (d * h0 + e * h1 + f * h2);
    const imaginaryZ = 2 * (g * h0 + h * h1 + i * h2);
    const measuredX = scale * (a * m0 + b * m1 + c * m2);
    const measuredY = scale * (d * m0 + e * m1 + f * m2);
    const measuredZ = scale * (g * m0 + h * m1 + i * m2);
    // A rotation by w moves what is read from k to k - w x k: the derivative by w is -(k x gradient).
    turned(0, z * realY - y * realZ, z * imaginaryY - y * imaginaryZ, phaseReal, phaseImaginary);
    turned(1, x * realZ - z * realX, x * imaginaryZ - z * imaginaryX, phaseReal, phaseImaginary);
    turned(2, y * realX - x * realY, y * imaginaryX - x * imaginaryY, phaseReal, phaseImaginary);
    moved(3, radiansOf(x, frequencies.edge), real, imaginary);
    moved(4, radiansOf(y, frequencies.edge), real, imaginary);
    moved(5, radiansOf(z, frequencies.edge), real, imaginary);
    const { gradient, information } = derivatives;
    gradient[0] += ofMeasured * (z * measuredY - y * measuredZ);
    gradient[1] += ofMeasured * (x * measuredZ - z * measuredX);
    gradient[2] += ofMeasured * (y * measuredX - x * measuredY);
    const worth = 2 * own[s] * weight;
    for (let p = 0; p < POSE_NUMBERS; p++) {
      gradient[p] += slopeReal * slopes[2 * p] + slopeImaginary * slopes[2 * p + 1];
      for (let q = 0; q <= p; q++)
        information[POSE_NUMBERS * p + q] +=
          worth * (slopes[2 * p] * slopes[2 * q] + slopes[2 * p + 1] * slopes[2 * q + 1]);
    }
  }
  return sum;
}

/** The slope along a rotation: the field's, times the phase of the shift. */
function turned(index: number, real: number, imaginary: number, phaseReal: number, phaseImaginary: number): void {
  slopes[2 * index] = phaseReal * real - phaseImaginary * imaginary;
  slopes[2 * index + 1] = phaseReal * imaginary + phaseImaginary * real;
}

/** The slope along a shift: i times the radians a voxel makes, times the model. */
function moved(index: number, radians: number, real: number, imaginary: number): void {
  slopes[2 * index] = -radians * imaginary;
  slopes[2 * index + 1] = radians * real;
}
