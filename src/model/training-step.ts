/** The whole training step as one graph: batch, parameters and optimiser state in; losses, new parameters and state out. */
import { op, type Tensor } from "../graph/index.js";
import { cellEdge, spaceToDepth } from "./layers.js";
import type { Network } from "./network.js";
import { collectLayout, type Layers, type ParameterLayout, splitParameters, trainedLayers } from "./parameters.js";
import type { Comparison, OptimiserSettings } from "./training-method.js";
import { trainingInputs, updateGraph } from "./update-graph.js";

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

export interface TrainingStep {
  readonly layout: ParameterLayout;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly optimiser: OptimiserSettings;
}

/**
 * Inputs: `volumes` and `masks` `[(1 + shots) P, 32, 32, 32]`, on request `maskKnown` `[(1 + shots) P]` (1 or 0), `parameters`, `momentum`, `velocity`, `statistics` (flat), `schedule` `[3]`:
 * learning rate, momentum correction, velocity correction. Outputs: `newParameters`, `newMomentum`, `newVelocity`,
 * `newStatistics`, `logits` (scores of queries against classes, `[G, n, n]` or `[P, P]`) and `report` `[4]`:
 * classification loss, Dice loss, mask cross-entropy, gradient norm.
 */
export function trainingStep(network: Network, config: TrainingStepConfig): TrainingStep {
  const { compare, maskLoss, optimiser } = network.training;
  const views = 1 + config.shots;
  const batch = views * config.classes;
  const volumeShape = [batch, config.edge, config.edge, config.edge];
  const volumes = op.input("volumes", volumeShape);
  const forward = (layers: Layers): Comparison & { readonly maskLogits: Tensor | undefined } => {
    const { embedding, maskLogits } = network.forward(layers, volumes);
    const [queries, ...supports] = Array.from({ length: views }, (_, view) =>
      op.slice(embedding, 0, view * config.classes, (view + 1) * config.classes),
    );
    return { ...compare(layers, queries, supports), maskLogits };
  };
  const layout = collectLayout(forward);
  const state = trainingInputs(layout);
  const parts = splitParameters(layout, state.parameters);
  const batchStatistics: Tensor[] = [];
  const { scores, loss: classification, maskLogits } = forward(trainedLayers(layout, parts, batchStatistics));
  let loss = classification;
  let dice: Tensor = op.constant(0);
  let crossEntropy: Tensor = op.constant(0);
  if (maskLogits !== undefined) {
    const flat = (x: Tensor): Tensor => op.reshape(x, [batch, config.edge ** 3]);
    const truth = flat(spaceToDepth(op.input("masks", volumeShape), cellEdge(maskLogits)));
    const logits = config.masksMayLack
      ? withoutUnknown(flat(maskLogits), op.input("maskKnown", [batch]))
      : flat(maskLogits);
    const mask = maskLoss(logits, truth, views);
    ({ dice, crossEntropy } = mask);
    loss = op.add(loss, mask.total);
  }

  const { gradientNorm, ...updated } = updateGraph(layout, state, loss, {
    parts,
    batchStatistics,
    optimiser,
    statisticsMomentum: config.statisticsMomentum,
  });
  const report = op.concat(
    [classification, dice, crossEntropy, gradientNorm].map((value) => op.reshape(value, [1])),
    0,
  );
  return { layout, optimiser, outputs: { ...updated, logits: scores, report } };
}

/** So certain of "outside" that with an empty truth neither Dice nor cross-entropy of float32 sees a loss. */
const OUTSIDE_LOGIT = -30;

/** Log-odds `[N, voxels]` where the mask is known (1); where it is not (0), those of an empty mask, through which no gradient flows. */
function withoutUnknown(logits: Tensor, known: Tensor): Tensor {
  const weight = op.reshape(known, [-1, 1]);
  return op.add(op.multiply(logits, weight), op.multiply(op.subtract(1, weight), OUTSIDE_LOGIT));
}
