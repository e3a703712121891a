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

export interface OptimiserSettings {
  /** At its highest, where no other is asked for. */
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** Gradients longer than this are scaled down to it; `Infinity` for no clipping. */
  readonly clipNorm: number;
}

/** Scores of first views (rows) against second views (columns), in groups: `[G, n, n]` or, as one group, `[P, P]`. */
export interface Comparison {
  readonly scores: Tensor;
  readonly loss: Tensor;
}

export interface MaskLoss {
  readonly dice: Tensor;
  readonly crossEntropy: Tensor;
  /** What is added to the loss of the comparison. */
  readonly total: Tensor;
}

export interface TrainingMethod {
  /** P: classes in a batch, where no other number is asked for. */
  readonly classes: number;
  readonly optimiser: OptimiserSettings;
  /** Embeddings of the two views of each class, `[P, E]` each, in the same order. Asks `layers` for what the comparison learns. */
  compare(layers: Layers, first: Tensor, second: Tensor): Comparison;
  /** Log-odds and truth, `[2P, voxels]`. */
  maskLoss(logits: Tensor, truth: Tensor): MaskLoss;
}

/** Weight of the mask's voxels that belong to the particle: they are few. */
const MASK_POSITIVE_WEIGHT = 3;

/** `cosnet`: a softmax over all classes of the batch at a learned temperature; Dice of each volume and cross-entropy of its voxels. */
export const inBatchSoftmax: TrainingMethod = {
  classes: 24,
  optimiser: { learningRate: 2e-3, beta1: 0.9, beta2: 0.999, weightDecay: 1e-4, clipNorm: 5 },
  compare(layers, first, second) {
    const temperature = op.exp(layers.parameter("logTemperature", [1], Math.log(10)));
    const scores = op.multiply(op.matmul(first, second, { transposeB: true }), temperature);
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
    compare(layers, first, second) {
      const scores = distanceScores(layers, first, second, ways);
      return { scores, loss: episodeCrossEntropy(scores) };
    },
    maskLoss: (logits, truth) => diceOfBothViews(diceLoss(op.sigmoid(logits), truth)),
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
  compare(layers, first, second) {
    const count = first.shape[0]!;
    const scores = op.reshape(distanceScores(layers, first, second, count), [count, count]);
    return { scores, loss: pairCrossEntropy(scores, MATCHING_PAIRS) };
  },
  maskLoss(logits, truth) {
    const wholeBatch = (x: Tensor): Tensor => op.reshape(x, [2, -1]);
    return diceOfBothViews(diceLoss(op.sigmoid(wholeBatch(logits)), wholeBatch(truth)));
  },
};

/** Dice of the first views plus Dice of the second views, from the mean over both. */
function diceOfBothViews(mean: Tensor): MaskLoss {
  return { dice: mean, crossEntropy: op.constant(0), total: op.multiply(mean, 2) };
}

/** A fully connected layer on |first - second|, for all pairs within groups of `ways` classes: `[P / ways, ways, ways]`. */
function distanceScores(layers: Layers, first: Tensor, second: Tensor, ways: number): Tensor {
  const [count, size] = first.shape as [number, number];
  const groups = count / ways;
  const distance = op.abs(
    op.subtract(op.reshape(first, [groups, ways, 1, size]), op.reshape(second, [groups, 1, ways, size])),
  );
  return op.reshape(dense(layers, "similarity", op.reshape(distance, [-1, size]), 1, 1), [groups, ways, ways]);
}
