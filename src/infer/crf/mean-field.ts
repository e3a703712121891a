import { type PaddedShape, pad, unpad } from "./filter/padded-volume.js";
import type { PairwiseKernel } from "./filter/pairwise-kernel.js";
import type { Arena } from "./kernel/arena.js";

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
 * @param probabilities of each label, background first: psi is -ln of them.
 * @param options `iterations` at most; converged when no probability changes by more than `tolerance`.
 */
export function meanField(
  arena: Arena,
  padded: PaddedShape,
  probabilities: readonly Float32Array[],
  kernels: readonly PairwiseKernel[],
  { iterations, tolerance }: { readonly iterations: number; readonly tolerance: number },
): MeanField {
  const { length } = padded;
  const own = arena.allocate(length);
  const background = arena.scratch(length);
  const fields = probabilities.slice(1).map(() => ({
    unary: arena.allocate(length),
    odds: arena.allocate(length),
    difference: arena.allocate(length),
  }));
  const floats = arena.floats();
  floats.fill(0, own, own + length);
  for (const kernel of kernels) kernel.addDiagonal(own);
  pad(probabilities[0], floats, background, padded);
  for (const [l, { unary, odds, difference }] of fields.entries()) {
    pad(probabilities[l + 1], floats, odds, padded);
    arena.kernel.logRatio(4 * unary, 4 * (unary + length), 4 * odds, 4 * background);
    floats.copyWithin(odds, unary, unary + length);
    floats.fill(0, difference, difference + length);
  }
  const update = () =>
    fields.length === 1 ? updateOne(arena, fields[0], own, length) : updateMany(floats, fields, own, length);
  update();
  let done = 0;
  let converged = kernels.length === 0;
  while (done < iterations && !converged) {
    for (const { difference, odds } of fields) for (const kernel of kernels) kernel.addFiltered(difference, odds);
    converged = update() < tolerance;
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
function updateOne(arena: Arena, { unary, odds, difference }: Field, own: number, length: number): number {
  const change = arena.scratch(4);
  const floats = arena.floats();
  floats.fill(0, change, change + 4);
  arena.kernel.differences(4 * odds, 4 * (odds + length), 4 * unary, 4 * own, 4 * difference, 4 * change);
  return Math.max(...floats.subarray(change, change + 4)) / 2;
}

function updateMany(floats: Float32Array, fields: readonly Field[], own: number, length: number): number {
  let change = 0;
  const likelihoods = new Float64Array(fields.length);
  for (let i = 0; i < length; i++) {
    let highest = 0;
    for (const { odds } of fields) if (floats[odds + i] > highest) highest = floats[odds + i];
    const background = Math.exp(-highest);
    let sum = background;
    for (let l = 0; l < fields.length; l++) {
      likelihoods[l] = Math.exp(floats[fields[l].odds + i] - highest);
      sum += likelihoods[l];
    }
    for (let l = 0; l < fields.length; l++) {
      const { unary, odds, difference } = fields[l];
      const now = (likelihoods[l] - background) / sum;
      const by = Math.abs(now - floats[difference + i]);
      if (by > change) change = by;
      floats[difference + i] = now;
      floats[odds + i] = floats[unary + i] - floats[own + i] * now;
    }
  }
  return change / 2;
}

/** Since probabilities sum to one, the differences of L - 1 labels sum to 1 - L Q(0). */
function probabilitiesOf(floats: Float32Array, fields: readonly Field[], padded: PaddedShape): Float32Array[] {
  const count = padded.lines * padded.shape[2];
  const background = new Float32Array(count);
  const others = fields.map(({ difference }) => {
    const values = new Float32Array(count);
    unpad(floats, difference, values, padded);
    for (let i = 0; i < count; i++) background[i] += values[i];
    return values;
  });
  const labels = fields.length + 1;
  for (let i = 0; i < count; i++) background[i] = Math.max(0, (1 - background[i]) / labels);
  for (const values of others) for (let i = 0; i < count; i++) values[i] = Math.max(0, background[i] + values[i]);
  return [background, ...others];
}
