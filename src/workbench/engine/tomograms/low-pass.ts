/** A Gaussian low-pass of a plane. */
import type { Section } from "../../protocol/index.js";

/** A Gaussian whose transform falls to half at 1 / length has this many lengths of standard deviation. */
const DEVIATION_OF_LENGTH = Math.sqrt(Math.LN2 / 2) / Math.PI;

/** Beyond this many standard deviations the kernel is nothing. */
const REACH_DEVIATIONS = 3;

/** Falls to half at 1 / `lengthVoxels`. At the border the mean is of the voxels that there are. */
export function lowPass(section: Section, lengthVoxels: number): Section {
  const { width, height } = section;
  const kernel = kernelOf(lengthVoxels * DEVIATION_OF_LENGTH);
  const values = new Float32Array(section.values);
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) blurLine(values, rows, kernel, { start: y * width, stride: 1, length: width });
  const both = new Float32Array(values.length);
  for (let x = 0; x < width; x++) blurLine(rows, both, kernel, { start: x, stride: width, length: height });
  return { ...section, values: both };
}

/** The right half, from the centre on. */
function kernelOf(deviationVoxels: number): Float64Array {
  const reach = Math.ceil(REACH_DEVIATIONS * deviationVoxels);
  return Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(i * i) / (2 * deviationVoxels ** 2)));
}

interface Line {
  readonly start: number;
  readonly stride: number;
  readonly length: number;
}

function blurLine(from: Float32Array, into: Float32Array, kernel: Float64Array, { start, stride, length }: Line): void {
  for (let i = 0; i < length; i++) {
    const first = Math.max(0, i - kernel.length + 1);
    const last = Math.min(length - 1, i + kernel.length - 1);
    let sum = 0;
    let weights = 0;
    for (let j = first; j <= last; j++) {
      const weight = kernel[Math.abs(j - i)]!;
      sum += weight * from[start + j * stride]!;
      weights += weight;
    }
    into[start + i * stride] = sum / weights;
  }
}
