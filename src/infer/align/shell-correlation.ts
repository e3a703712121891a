import { type Pose, quaternionToMatrix } from "../../volume/index.js";
import type { Observation } from "./observation.js";
import { type ReferenceField, sampleField } from "./reference-field.js";

/** What particles have in common with a reference at given poses, summed shell by shell. */
export interface ShellSums {
  /** Real part of conj(particle) times model. */
  readonly cross: Float64Array;
  /** Weight times the model's power: what `cross` would be if nothing else were in the particle. */
  readonly model: Float64Array;
}

export const createShellSums = (shells: number): ShellSums => ({
  cross: new Float64Array(shells),
  model: new Float64Array(shells),
});

/** Adds one particle at its pose, counted `share` times. */
export function addToShellSums(
  sums: ShellSums,
  { frequencies, values, weights }: Observation,
  { field, gain }: { readonly field: ReferenceField; readonly gain: Float64Array },
  { rotation, shiftVoxels: { x: sx, y: sy, z: sz } }: Pose,
  share = 1,
): void {
  const { count, x, y, z, shell, edge } = frequencies;
  const [a, b, c, d, e, f, g, h, i] = quaternionToMatrix(rotation);
  const sample = new Float64Array(3);
  const radians = (-2 * Math.PI) / edge;
  for (let k = 0; k < count; k++) {
    if (weights[k] === 0) continue;
    const [kx, ky, kz] = [x[k], y[k], z[k]];
    sampleField(field, a * kx + d * ky + g * kz, b * kx + e * ky + h * kz, c * kx + f * ky + i * kz, sample);
    const angle = radians * (kx * sx + ky * sy + kz * sz);
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const scale = share * gain[shell[k]];
    const real = cosine * sample[0] - sine * sample[1];
    const imaginary = cosine * sample[1] + sine * sample[0];
    sums.cross[shell[k]] += scale * (values[2 * k] * real + values[2 * k + 1] * imaginary);
    sums.model[shell[k]] += scale * gain[shell[k]] * weights[k] * (real ** 2 + imaginary ** 2);
  }
}

/**
 * The correlation of each shell, drawn towards what was expected as if that were known from `expectedWorth` frequencies, and
 * smoothed over neighbouring shells. Where particles were aligned by the same frequencies it is too high, the more the fewer they are.
 */
export function correlationOf(
  { cross, model }: ShellSums,
  expected: ArrayLike<number>,
  expectedWorth: number,
): Float64Array {
  const sum = (values: Float64Array, s: number) => 0.5 * (values[s - 1] ?? 0) + values[s] + 0.5 * (values[s + 1] ?? 0);
  return cross.map((_, s) =>
    s === 0 ? 0 : (sum(cross, s) + expectedWorth * expected[s]) / (sum(model, s) + expectedWorth),
  );
}
