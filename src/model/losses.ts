/** Training losses as graphs; each returns one value. */
import { op, type Tensor } from "../graph/index.js";

/**
 * Soft Dice loss of each volume, averaged (paper, section 2): 1 - (2 |M P| + 1) / (|M| + |P| + 1), the ones as in the
 * authors' code. Both arguments are `[N, voxels]`.
 */
export function diceLoss(probability: Tensor, truth: Tensor): Tensor {
  const overlap = op.sum(op.multiply(probability, truth), [1]);
  const total = op.add(op.sum(probability, [1]), op.sum(truth, [1]));
  return op.mean(op.subtract(1, op.divide(op.add(op.multiply(overlap, 2), 1), op.add(total, 1))));
}

/**
 * Binary cross-entropy from log-odds x, positives weighted by w: w t s + (1 - t) (s + x) with s = softplus(-x), since
 * softplus(x) = softplus(-x) + x; one softplus, and nothing overflows.
 */
export function binaryCrossEntropy(logits: Tensor, truth: Tensor, positiveWeight = 1): Tensor {
  const surprise = op.softplus(op.negate(logits));
  const positive = op.multiply(op.multiply(truth, positiveWeight), surprise);
  const negative = op.multiply(op.subtract(1, truth), op.add(surprise, logits));
  return op.mean(op.add(positive, negative));
}

/**
 * Softmax cross-entropy of square logits `[P, P]` whose right answers are on the diagonal, over rows and over columns:
 * each view in turn is support and query of a P-way 1-shot episode.
 */
export function symmetricCrossEntropy(logits: Tensor): Tensor {
  const size = logits.shape[0]!;
  const identity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) identity[i * size + i] = 1;
  const diagonal = op.sum(op.multiply(logits, op.constant(identity, [size, size])));
  const along = (axis: number): Tensor => op.sum(logSumExp(logits, axis));
  const both = op.subtract(op.add(along(0), along(1)), op.multiply(diagonal, 2));
  return op.multiply(both, 1 / (2 * size));
}

function logSumExp(x: Tensor, axis: number): Tensor {
  const largest = op.stopGradient(op.max(x, [axis]));
  return op.add(op.log(op.sum(op.exp(op.subtract(x, largest)), [axis])), largest);
}
