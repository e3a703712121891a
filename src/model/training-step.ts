/** The classifier's training step as one graph. */
import { op, type Tensor } from "../graph/index.js";
import { cellEdge, spaceToDepth } from "./layers.js";
import type { Network } from "./network.js";
import { type TrainingStep, trainingGraph } from "./training-graph.js";

export interface TrainingStepConfig {
  /** P: classes in a batch; the batch holds 1 + shots views of each, first all first views (the queries), then all second views, ... */
  readonly classes: number;
  /** Supports of each class in an episode. */
  readonly shots: number;
  readonly edge: number;
  /** New running statistic = momentum * old + (1 - momentum) * batch. */
  readonly statisticsMomentum: number;
  /** Some particles of a batch come without a mask: input `maskKnown` says which, and theirs do not count in the loss. */
  readonly masksMayLack?: boolean;
}

export const trainingStepDefaults: Omit<TrainingStepConfig, "classes"> = {
  shots: 1,
  edge: 32,
  statisticsMomentum: 0.99,
};

/**
 * Inputs: `volumes` and `masks` `[(1 + shots) P, 32, 32, 32]`, on request `maskKnown` `[(1 + shots) P]` (1 or 0), and those of
 * `trainingGraph`. Outputs: the new state, `logits` (scores of queries against classes, `[G, n, n]` or `[P, P]`) and `report`
 * `[4]`: classification loss, Dice loss, mask cross-entropy, gradient norm.
 */
export function trainingStep(network: Network, config: TrainingStepConfig): TrainingStep {
  const { compare, maskLoss, optimiser } = network.training;
  const views = 1 + config.shots;
  const batch = views * config.classes;
  const volumeShape = [batch, config.edge, config.edge, config.edge];
  const volumes = op.input("volumes", volumeShape);
  const flat = (x: Tensor): Tensor => op.reshape(x, [batch, config.edge ** 3]);
  const maskLossOf = (maskLogits: Tensor) => {
    const truth = flat(spaceToDepth(op.input("masks", volumeShape), cellEdge(maskLogits)));
    const logits = flat(maskLogits);
    return maskLoss(
      config.masksMayLack ? withoutUnknown(logits, op.input("maskKnown", [batch])) : logits,
      truth,
      views,
    );
  };
  return trainingGraph(
    (layers) => {
      const { embedding, maskLogits } = network.forward(layers, volumes);
      const [queries, ...supports] = Array.from({ length: views }, (_, view) =>
        op.slice(embedding, 0, view * config.classes, (view + 1) * config.classes),
      );
      return { ...compare(layers, queries, supports), maskLogits };
    },
    ({ scores: logits, loss: classification, maskLogits }) => {
      const mask = maskLogits && maskLossOf(maskLogits);
      const { dice, crossEntropy } = mask ?? { dice: op.constant(0), crossEntropy: op.constant(0) };
      const loss = mask ? op.add(classification, mask.total) : classification;
      return { loss, figures: [classification, dice, crossEntropy], outputs: { logits } };
    },
    { optimiser, statisticsMomentum: config.statisticsMomentum },
  );
}

/** So certain of "outside" that with an empty truth neither Dice nor cross-entropy of float32 sees a loss. */
const OUTSIDE_LOGIT = -30;

/** Log-odds `[N, voxels]` where the mask is known (1); where it is not (0), those of an empty mask, through which no gradient flows. */
function withoutUnknown(logits: Tensor, known: Tensor): Tensor {
  const weight = op.reshape(known, [-1, 1]);
  return op.add(op.multiply(logits, weight), op.multiply(op.subtract(1, weight), OUTSIDE_LOGIT));
}
