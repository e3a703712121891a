/** Training losses as graphs; each returns one value. */
import { op, type Shape, type Tensor } from "../graph/index.js";

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
  const size = logits.shape[0];
  const diagonal = op.sum(op.multiply(logits, diagonalMatrix(logits.shape, 1, 0)));
  const along = (axis: number): Tensor => op.sum(logSumExp(logits, axis));
  const both = op.subtract(op.add(along(0), along(1)), op.multiply(diagonal, 2));
  return op.multiply(both, 1 / (2 * size));
}

/** Keeps log(1 - p) finite where a wrong support is as good as certain; the same order as float32's rounding of 1 - p. */
const CERTAINTY = 1e-7;

/**
 * The paper's classification loss: binary cross-entropy of the softmax over supports, for scores `[G, n, n]` of supports (rows)
 * against targets (columns) whose matches are on the diagonal; summed over a target's supports, averaged over targets.
 */
export function episodeCrossEntropy(scores: Tensor): Tensor {
  const [groups, ways] = scores.shape;
  const match = diagonalMatrix([1, ways, ways], 1, 0);
  const logProbability = op.subtract(scores, logSumExp(scores, 1));
  const logOther = op.log(op.add(op.subtract(1, op.exp(logProbability)), CERTAINTY));
  const likelihood = op.add(op.multiply(match, logProbability), op.multiply(op.subtract(1, match), logOther));
  return op.multiply(op.sum(likelihood), -1 / (groups * ways));
}

/**
 * The released code's classification loss in expectation: sigmoid cross-entropy of a random pair that matches with probability
 * `matchingFraction`. Scores are `[P, P]`, matches on the diagonal; every pair of the batch counts, weighted by how often the
 * authors' sampling would draw its kind.
 */
export function pairCrossEntropy(scores: Tensor, matchingFraction: number): Tensor {
  const size = scores.shape[0];
  const matchingWeights = diagonalMatrix(scores.shape, matchingFraction / size, 0);
  const otherWeights = diagonalMatrix(scores.shape, 0, (1 - matchingFraction) / (size * (size - 1)));
  const matching = op.multiply(matchingWeights, op.softplus(op.negate(scores)));
  const other = op.multiply(otherWeights, op.softplus(scores));
  return op.sum(op.add(matching, other));
}

/** A constant square matrix `[..., n, n]`; axes before the last two have length 1. */
function diagonalMatrix(shape: Shape, onDiagonal: number, elsewhere: number): Tensor {
  const size = shape[shape.length - 1];
  const values = new Float32Array(size * size).fill(elsewhere);
  for (let i = 0; i < size; i++) values[i * size + i] = onDiagonal;
  return op.constant(values, shape);
}

function logSumExp(x: Tensor, axis: number): Tensor {
  const largest = op.stopGradient(op.max(x, [axis]));
  return op.add(op.log(op.sum(op.exp(op.subtract(x, largest)), [axis])), largest);
}
