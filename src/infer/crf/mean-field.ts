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

/** A pairwise term and its weight in the energy. */
export interface WeightedKernel {
  readonly kernel: PairwiseKernel;
  readonly weight: number;
}

/**
 * Mean-field inference for a Potts energy (Kraehenbuehl and Koltun 2011), all voxels updated together:
 *
 *     Q_i(l) proportional to exp( -psi_i(l) + sum_m w_m sum_{j != i} k_m(i, j) Q_j(l) )
 *
 * What a label differs from the background counts alone, and background is what the labels leave, so with L labels L - 1 volumes are
 * filtered: sum_j k Q_j(0) = total_i - sum_l sum_j k Q_j(l).
 * @param unary log odds of each label against the background.
 */
export function meanField(
  unary: readonly Float32Array[],
  kernels: readonly WeightedKernel[],
  { iterations, tolerance }: MeanFieldOptions,
): MeanField {
  const count = unary[0]!.length;
  const background = new Float32Array(count);
  const labels = unary.map((odds) => Float32Array.from(odds));
  normalise(labels, background);
  const total = new Float32Array(count);
  for (const { kernel, weight } of kernels) for (let i = 0; i < count; i++) total[i]! += weight * kernel.total[i]!;
  const sums = unary.map(() => new Float32Array(count));
  let done = 0;
  let converged = kernels.length === 0;
  while (done < iterations && !converged) {
    for (const [index, sum] of sums.entries()) {
      sum.fill(0);
      for (const { kernel, weight } of kernels) kernel.addFiltered(labels[index]!, weight, sum);
    }
    const change = sums.length === 1 ? updateOne(unary[0]!, sums[0]!, total, labels[0]!, background) : update();
    done++;
    converged = change < tolerance;
  }
  return { probabilities: [background, ...labels], iterations: done, converged };

  function update(): number {
    const before = background.slice();
    const previous = labels.map((label) => label.slice());
    for (let i = 0; i < count; i++) {
      let toBackground = total[i]!;
      for (const sum of sums) toBackground -= sum[i]!;
      for (let l = 0; l < labels.length; l++) labels[l]![i] = unary[l]![i]! + sums[l]![i]! - toBackground;
    }
    normalise(labels, background);
    return Math.max(largestChange(before, background), ...previous.map((old, l) => largestChange(old, labels[l]!)));
  }
}

/** The update of two labels, in one pass: the logistic function of `unary + 2 sum - total`. Returns the largest change. */
function updateOne(
  unary: Float32Array,
  sum: Float32Array,
  total: Float32Array,
  label: Float32Array,
  background: Float32Array,
): number {
  let change = 0;
  for (let i = 0; i < label.length; i++) {
    const probability = 1 / (1 + Math.exp(total[i]! - 2 * sum[i]! - unary[i]!));
    change = Math.max(change, Math.abs(probability - label[i]!));
    label[i] = probability;
    background[i] = 1 - probability;
  }
  return change;
}

/** Log odds against the background become probabilities, in place. */
function normalise(labels: readonly Float32Array[], background: Float32Array): void {
  for (let i = 0; i < background.length; i++) {
    let highest = 0;
    for (const label of labels) highest = Math.max(highest, label[i]!);
    let sum = Math.exp(-highest);
    const own = sum;
    for (const label of labels) {
      label[i] = Math.exp(label[i]! - highest);
      sum += label[i]!;
    }
    background[i] = own / sum;
    for (const label of labels) label[i]! /= sum;
  }
}

function largestChange(before: Float32Array, after: Float32Array): number {
  let change = 0;
  for (let i = 0; i < before.length; i++) change = Math.max(change, Math.abs(after[i]! - before[i]!));
  return change;
}
