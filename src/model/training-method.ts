/** How each preset learns: the loss of comparing classes, the loss of the mask, the optimiser. */
import { op, type Tensor } from "../graph/index.js";
import { dense } from "./layers.js";
import {
  binaryCrossEntropy,
  diceLoss,
  episodeCrossEntropy,
  pairCrossEntropy,
  symmetricCrossEntropy,
} from "./losses.js";
import type { Layers } from "./parameters.js";

/** Parameters of AdamW. */
export interface OptimiserSettings {
  /** At its highest, where no other is asked for. */
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** Gradients longer than this are scaled down to it; `Infinity` for no clipping. */
  readonly clipNorm: number;
}

/** Scores of queries (rows) against classes of supports (columns), in groups: `[G, n, n]` or, as one group, `[P, P]`. */
export interface Comparison {
  readonly scores: Tensor;
  readonly loss: Tensor;
}

/** What masks are trained by. */
export interface MaskLoss {
  readonly dice: Tensor;
  readonly crossEntropy: Tensor;
  /** What is added to the loss of the comparison. */
  readonly total: Tensor;
}

/** How a network learns: its episodes, losses and optimiser. */
export interface TrainingMethod {
  /** P: classes in a batch, where no other number is asked for. */
  readonly classes: number;
  readonly optimiser: OptimiserSettings;
  /**
   * Embeddings of one query of each class and of its supports, one tensor a shot, all `[P, E]` in the same order of classes.
   * A class's score is the mean over its supports. Asks `layers` for what the comparison learns.
   */
  compare(layers: Layers, queries: Tensor, supports: readonly Tensor[]): Comparison;
  /** Log-odds and truth, `[views * P, voxels]`, view by view. */
  maskLoss(logits: Tensor, truth: Tensor, views: number): MaskLoss;
}

/** Weight of the mask's voxels that belong to the particle: they are few. */
const MASK_POSITIVE_WEIGHT = 3;

/** `cosnet`: a softmax over all classes of the batch at a learned temperature; Dice of each volume and cross-entropy of its voxels. */
export const inBatchSoftmax: TrainingMethod = {
  classes: 24,
  optimiser: { learningRate: 2e-3, beta1: 0.9, beta2: 0.999, weightDecay: 1e-4, clipNorm: 5 },
  compare(layers, queries, supports) {
    const temperature = op.exp(layers.parameter("logTemperature", [1], Math.log(10)));
    // The mean of scalar products is the scalar product with the mean.
    const total = supports.reduce((sum, support) => op.add(sum, support));
    const mean = supports.length === 1 ? total : op.multiply(total, 1 / supports.length);
    const scores = op.multiply(op.matmul(queries, mean, { transposeB: true }), temperature);
    return { scores, loss: symmetricCrossEntropy(scores) };
  },
  maskLoss(logits, truth) {
    const dice = diceLoss(op.sigmoid(logits), truth);
    const crossEntropy = binaryCrossEntropy(logits, truth, MASK_POSITIVE_WEIGHT);
    return { dice, crossEntropy, total: op.add(dice, crossEntropy) };
  },
};

/** The authors' optimiser, as their code has it; the paper says no more than "Adam". */
const authorsOptimiser: OptimiserSettings = {
  learningRate: 1e-4,
  beta1: 0.5,
  beta2: 0.999,
  weightDecay: 0,
  clipNorm: Number.POSITIVE_INFINITY,
};

/** Batches of the authors' size: 12 volumes. */
const AUTHORS_CLASSES = 6;

/**
 * `paper`: the batch is cut into n-way-1-shot episodes of two support sets. A fully connected layer on |a - b| and a softmax
 * over the n supports give the probability of each match, whose binary cross-entropy is the loss. Dice of both sets is added.
 */
export function episodes(ways: number): TrainingMethod {
  return {
    classes: ways * Math.max(1, Math.round(AUTHORS_CLASSES / ways)),
    optimiser: authorsOptimiser,
    compare(layers, queries, supports) {
      const scores = distanceScores(layers, queries, supports, ways);
      return { scores, loss: episodeCrossEntropy(scores) };
    },
    maskLoss: (logits, truth, views) => diceOfAllViews(diceLoss(op.sigmoid(logits), truth), views),
  };
}

/** The authors draw both particles of a pair from all 14 training classes. */
const MATCHING_PAIRS = 1 / 14;

/**
 * `released`: every pair is an independent yes-or-no question (sigmoid and binary cross-entropy on the fully connected layer's
 * output); Dice is over all voxels of a batch of views at once.
 */
export const independentPairs: TrainingMethod = {
  classes: AUTHORS_CLASSES,
  optimiser: authorsOptimiser,
  compare(layers, queries, supports) {
    const count = queries.shape[0];
    const scores = op.reshape(distanceScores(layers, queries, supports, count), [count, count]);
    return { scores, loss: pairCrossEntropy(scores, MATCHING_PAIRS) };
  },
  maskLoss(logits, truth, views) {
    const wholeBatch = (x: Tensor): Tensor => op.reshape(x, [views, -1]);
    return diceOfAllViews(diceLoss(op.sigmoid(wholeBatch(logits)), wholeBatch(truth)), views);
  },
};

/** Dice of the first views plus Dice of the second views and so on, from the mean over all. */
function diceOfAllViews(mean: Tensor, views: number): MaskLoss {
  return { dice: mean, crossEntropy: op.constant(0), total: op.multiply(mean, views) };
}

/** A fully connected layer on |query - support|, averaged over shots, for all pairs within groups of `ways` classes: `[P / ways, ways, ways]`. */
function distanceScores(layers: Layers, queries: Tensor, supports: readonly Tensor[], ways: number): Tensor {
  const [count, size] = queries.shape;
  const groups = count / ways;
  const rows = op.reshape(queries, [groups, ways, 1, size]);
  const distances = supports.map((support) =>
    op.reshape(op.abs(op.subtract(rows, op.reshape(support, [groups, 1, ways, size]))), [-1, size]),
  );
  const scores = dense(layers, "similarity", distances.length === 1 ? distances[0] : op.concat(distances, 0), 1, 1);
  const byShot = op.reshape(scores, [supports.length, groups, ways, ways]);
  return op.reshape(supports.length === 1 ? byShot : op.mean(byShot, [0]), [groups, ways, ways]);
}
