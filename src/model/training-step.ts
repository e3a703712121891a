/** The whole training step as one graph: batch, parameters and optimiser state in; losses, new parameters and state out. */
import { adamW, differentiate, elementCount, op, type Tensor } from "../graph/index.js";
import { spaceToDepth } from "./layers.js";
import { binaryCrossEntropy, diceLoss, symmetricCrossEntropy } from "./losses.js";
import type { Network } from "./network.js";
import { collectLayout, flatLayers, type ParameterLayout } from "./parameters.js";

export interface TrainingStepConfig {
  /** Classes in a batch; the batch holds two views of each, first all first views, then all second views. */
  readonly classes: number;
  readonly edge: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Weight of the mask's binary cross-entropy beside its Dice loss, and of its positive voxels. */
  readonly maskCrossEntropy: number;
  readonly maskPositiveWeight: number;
  /** New running statistic = momentum * old + (1 - momentum) * batch. */
  readonly statisticsMomentum: number;
}

export const trainingStepDefaults: TrainingStepConfig = {
  classes: 24,
  edge: 32,
  weightDecay: 1e-4,
  clipNorm: 5,
  maskCrossEntropy: 1,
  maskPositiveWeight: 3,
  statisticsMomentum: 0.99,
};

export interface TrainingStep {
  readonly layout: ParameterLayout;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * Inputs: `volumes` and `masks` `[2P, 32, 32, 32]`, `parameters`, `momentum`, `velocity`, `statistics` (flat), `schedule` `[3]`:
 * learning rate, momentum correction, velocity correction. Outputs: `newParameters`, `newMomentum`, `newVelocity`,
 * `newStatistics`, `logits` `[P, P]` and `report` `[4]`: classification loss, Dice loss, mask cross-entropy, gradient norm.
 */
export function trainingStep(network: Network, config: TrainingStepConfig): TrainingStep {
  const batch = 2 * config.classes;
  const volumeShape = [batch, config.edge, config.edge, config.edge];
  const volumes = op.input("volumes", volumeShape);
  const layout = collectLayout((layers) => {
    network.forward(layers, volumes);
    layers.parameter("logTemperature", [1], Math.log(10));
  });
  const parameters = op.input("parameters", [layout.parameterCount]);
  const state = {
    parameters,
    momentum: op.input("momentum", [layout.parameterCount]),
    velocity: op.input("velocity", [layout.parameterCount]),
  };
  const statistics = op.input("statistics", [layout.statisticCount]);
  const schedule = op.input("schedule", [3]);

  const batchStatistics: Tensor[] = [];
  const layers = flatLayers(layout, parameters, batchStatistics);
  const { embedding, maskLogits } = network.forward(layers, volumes);

  const first = op.slice(embedding, 0, 0, config.classes);
  const second = op.slice(embedding, 0, config.classes, batch);
  const temperature = op.exp(layers.parameter("logTemperature", [1], 0));
  const logits = op.multiply(op.matmul(first, second, { transposeB: true }), temperature);
  const classification = symmetricCrossEntropy(logits);

  let loss = classification;
  let dice: Tensor = op.constant(0);
  let crossEntropy: Tensor = op.constant(0);
  if (maskLogits !== undefined) {
    const voxels = config.edge ** 3;
    const truth = op.reshape(spaceToDepth(op.input("masks", volumeShape)), [batch, voxels]);
    const flatLogits = op.reshape(maskLogits, [batch, voxels]);
    dice = diceLoss(op.sigmoid(flatLogits), truth);
    crossEntropy = binaryCrossEntropy(flatLogits, truth, config.maskPositiveWeight);
    loss = op.add(loss, op.add(dice, op.multiply(crossEntropy, config.maskCrossEntropy)));
  }

  const [gradient] = differentiate(loss, [parameters]);
  const decays = new Float32Array(layout.parameterCount);
  for (const { name, offset, shape } of layout.parameters)
    if (name.endsWith(".weights")) decays.fill(1, offset, offset + elementCount(shape));
  const next = adamW(state, gradient!, {
    learningRate: op.slice(schedule, 0, 0, 1),
    momentumCorrection: op.slice(schedule, 0, 1, 2),
    velocityCorrection: op.slice(schedule, 0, 2, 3),
    decays: op.constant(decays, [layout.parameterCount]),
    weightDecay: config.weightDecay,
    clipNorm: config.clipNorm,
  });
  const newStatistics = op.add(
    op.multiply(statistics, config.statisticsMomentum),
    op.multiply(op.concat(batchStatistics, 0), 1 - config.statisticsMomentum),
  );
  const report = op.concat(
    [classification, dice, crossEntropy, next.gradientNorm].map((value) => op.reshape(value, [1])),
    0,
  );
  return {
    layout,
    outputs: {
      newParameters: next.parameters,
      newMomentum: next.momentum,
      newVelocity: next.velocity,
      newStatistics,
      logits,
      report,
    },
  };
}
