import { createFftLine } from "../../../volume/index.js";

export interface WeightOptions {
  /**
   * "ramp": |f| times the angle that each tilt stands for. "exact": one over the number of tilts whose slabs hold the same
   * Fourier coefficient, `1 / sum_j max(0, 1 - D f |sin(t_i - t_j)|)` with the thickness D (G. Harauz and M. van Heel,
   * Optik 73, 1986), which keeps low frequencies and serves uneven steps.
   */
  readonly filter: "ramp" | "exact";
  /** Frequency in cycles per voxel at which a Hann window has fallen to zero; Infinity leaves it out. */
  readonly hannFrequency: number;
  /** D in voxels. */
  readonly thickness: number;
}

/**
 * The factor of each frequency index 0 to length / 2 - 1 (cycles per voxel: index / length) for each tilt, in the scale in
 * which a full turn of tilts gives back the density.
 */
export function reconstructionWeights(
  tiltDegrees: readonly number[],
  length: number,
  { filter, hannFrequency, thickness }: WeightOptions,
): Float64Array[] {
  const radians = tiltDegrees.map((degrees) => (degrees * Math.PI) / 180);
  const window = (frequency: number) => {
    if (hannFrequency === Infinity) return 1;
    return frequency < hannFrequency ? 0.5 + 0.5 * Math.cos((Math.PI * frequency) / hannFrequency) : 0;
  };
  if (filter === "ramp") {
    const ramp = bandLimitedRamp(length);
    const angles = angleShares(radians);
    return radians.map((_, i) => ramp.map((value, k) => angles[i] * value * window(k / length)));
  }
  return radians.map((own) => {
    const slopes = radians.map((other) => thickness * Math.abs(Math.sin(own - other)));
    return Float64Array.from({ length: length / 2 }, (_, k) => {
      let shared = 0;
      for (const slope of slopes) shared += Math.max(0, 1 - (slope * k) / length);
      return window(k / length) / (shared * thickness);
    });
  });
}

/** Radians that each tilt stands for: half the way to its neighbours, at the ends as far outwards as inwards. */
function angleShares(radians: readonly number[]): number[] {
  const last = radians.length - 1;
  if (last === 0) return [Math.PI];
  return radians.map((angle, i) => {
    const below = i === 0 ? radians[1] - angle : angle - radians[i - 1];
    const above = i === last ? angle - radians[last - 1] : radians[i + 1] - angle;
    return (below + above) / 2;
  });
}

/**
 * |f| up to the Nyquist frequency as the transform of its samples `1/4, -1 / (pi n)^2 for odd n` (Kak and Slaney 1988, eq.
 * 3-61): unlike |f| itself at the frequencies' indices it has the right mean for rows that are padded with zeros.
 */
function bandLimitedRamp(length: number): Float64Array {
  const samples = new Float64Array(2 * length);
  samples[0] = 0.25;
  for (let n = 1; n <= length / 2; n += 2) {
    samples[2 * n] = -1 / (Math.PI * n) ** 2;
    samples[2 * (length - n)] = samples[2 * n];
  }
  const spectrum = new Float64Array(2 * length);
  createFftLine(length).forward(samples, spectrum);
  return Float64Array.from({ length: length / 2 }, (_, k) => Math.max(0, spectrum[2 * k]));
}
