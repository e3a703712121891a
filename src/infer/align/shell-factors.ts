import type { Frequencies } from "./frequencies.js";
import type { ReferenceField } from "./reference-field.js";

/**
 * The model of a pair, shell by shell. With both brought to power 1, the particle is
 * `x = correlation * m + rest`, rest of variance `1 - correlation^2`, where the reference m was measured, and of variance 1 by
 * itself elsewhere. The log-likelihood of that over "nothing in common" is, at a frequency,
 * `cross Re(conj x m) - own (weight |m|^2 + measured |x|^2 / weight) + constant measured`.
 */
export interface ShellFactors {
  readonly cross: Float64Array;
  readonly own: Float64Array;
  readonly constant: Float64Array;
  /** Brings the reference's field to power 1. */
  readonly gain: Float64Array;
}

/** A correlation of 1 would make everything else impossible. */
const LARGEST_CORRELATION = 0.98;

/** @param correlation expected in each shell between particle and reference at the true pose, -1 to 1. */
export function shellFactors(correlation: ArrayLike<number>, gain: Float64Array): ShellFactors {
  const bounded = Float64Array.from(correlation, (value) =>
    Math.min(LARGEST_CORRELATION, Math.max(-LARGEST_CORRELATION, value)),
  );
  return {
    cross: bounded.map((value) => (2 * value) / (1 - value ** 2)),
    own: bounded.map((value) => value ** 2 / (1 - value ** 2)),
    constant: bounded.map((value) => -Math.log(1 - value ** 2)),
    gain,
  };
}

/** What brings each shell of a field to mean power 1 where it was measured. */
export function fieldGain({ cells, reach }: ReferenceField, { shellEnd }: Frequencies): Float64Array {
  const shells = shellEnd.length;
  const power = new Float64Array(shells);
  const measured = new Float64Array(shells);
  for (let z = -reach, at = 0; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = 0; x <= reach; x++, at += 4) {
        const shell = Math.round(Math.hypot(x, y, z) / 2);
        if (shell >= shells || cells[at + 2] < 0.5) continue;
        power[shell] += cells[at] ** 2 + cells[at + 1] ** 2;
        measured[shell] += cells[at + 2] ** 2;
      }
  return power.map((sum, shell) => (sum > 0 ? Math.sqrt(measured[shell] / sum) : 0));
}
