import type { Arena } from "./arena.js";
import { logistic } from "./logistic.js";
import { type PaddedShape, pad } from "./padded-volume.js";
import type { PairwiseKernel } from "./pairwise-kernel.js";

export interface MeanFieldOptions {
  readonly iterations: number;
  /** The inference has converged when no probability changes by more than this. */
  readonly tolerance: number;
}

export interface MeanField {
  /** One volume a label, background first. */
  readonly probabilities: Float32Array[];
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Mean-field inference for a Potts energy (Kraehenbuehl and Koltun 2011), all voxels updated together:
 *
 *     Q_i(l) proportional to exp( -psi_i(l) + sum_m w_m sum_{j != i} k_m(i, j) Q_j(l) )
 *
 * Only differences from the background count, so with L labels L - 1 volumes are filtered, `d(l) = Q(l) - Q(0)`.
 * @param unary log odds of each label against the background.
 */
export function meanField(
  arena: Arena,
  padded: PaddedShape,
  unary: readonly Float32Array[],
  kernels: readonly PairwiseKernel[],
  { iterations, tolerance }: MeanFieldOptions,
): MeanField {
  const { length } = padded;
  const own = arena.allocate(length);
  const fields = unary.map(() => ({
    unary: arena.allocate(length),
    odds: arena.allocate(length),
    difference: arena.allocate(length),
  }));
  const floats = arena.floats();
  floats.fill(0, own, own + length);
  for (const kernel of kernels) kernel.addOwnShare(own);
  for (const [l, field] of fields.entries()) {
    pad(unary[l]!, floats, field.unary, padded);
    floats.copyWithin(field.odds, field.unary, field.unary + length);
    floats.fill(0, field.difference, field.difference + length);
  }
  const update = fields.length === 1 ? updateOne : updateMany;
  update(floats, fields, own, length);
  let done = 0;
  let converged = kernels.length === 0;
  while (done < iterations && !converged) {
    for (const { difference, odds } of fields) for (const kernel of kernels) kernel.addFiltered(difference, odds);
    converged = update(floats, fields, own, length) < tolerance;
    done++;
  }
  return { probabilities: probabilitiesOf(floats, fields, padded), iterations: done, converged };
}

/** Indices into the arena. */
interface Field {
  readonly unary: number;
  readonly odds: number;
  readonly difference: number;
}

/**
 * From log odds to differences; the odds start anew at the unary term, less what the kernels will add of a voxel to itself.
 * Returns the largest change of a difference, halved: that of a probability.
 */
function updateOne(floats: Float32Array, [field]: readonly Field[], own: number, length: number): number {
  const { unary, odds, difference } = field!;
  let change = 0;
  for (let i = 0; i < length; i++) {
    const now = 2 * logistic(floats[odds + i]!) - 1;
    const by = Math.abs(now - floats[difference + i]!);
    if (by > change) change = by;
    floats[difference + i] = now;
    floats[odds + i] = floats[unary + i]! - floats[own + i]! * now;
  }
  return change / 2;
}

function updateMany(floats: Float32Array, fields: readonly Field[], own: number, length: number): number {
  let change = 0;
  const share = new Float64Array(fields.length);
  for (let i = 0; i < length; i++) {
    let highest = 0;
    for (const { odds } of fields) if (floats[odds + i]! > highest) highest = floats[odds + i]!;
    const background = Math.exp(-highest);
    let sum = background;
    for (let l = 0; l < fields.length; l++) {
      share[l] = Math.exp(floats[fields[l]!.odds + i]! - highest);
      sum += share[l]!;
    }
    for (let l = 0; l < fields.length; l++) {
      const { unary, odds, difference } = fields[l]!;
      const now = (share[l]! - background) / sum;
      const by = Math.abs(now - floats[difference + i]!);
      if (by > change) change = by;
      floats[difference + i] = now;
      floats[odds + i] = floats[unary + i]! - floats[own + i]! * now;
    }
  }
  return change / 2;
}

/** Since probabilities sum to one, the differences of L - 1 labels sum to 1 - L Q(0). */
function probabilitiesOf(floats: Float32Array, fields: readonly Field[], padded: PaddedShape): Float32Array[] {
  const { lines, rowLength } = padded;
  const nx = padded.shape[2];
  const all = Array.from({ length: fields.length + 1 }, () => new Float32Array(lines * nx));
  for (let line = 0, i = 0; line < lines; line++)
    for (let x = 0; x < nx; x++, i++) {
      const at = line * rowLength + x;
      let background = 1;
      for (const { difference } of fields) background -= floats[difference + at]!;
      background = Math.max(0, background / (fields.length + 1));
      all[0]![i] = background;
      for (let l = 0; l < fields.length; l++)
        all[l + 1]![i] = Math.max(0, background + floats[fields[l]!.difference + at]!);
    }
  return all;
}
