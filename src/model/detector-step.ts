/** The detector's training step as one graph. */
import { op, type Tensor } from "../graph/index.js";
import { type DetectorConfig, type DetectorOutput, detector } from "./detector.js";
import { spaceToDepth } from "./layers.js";
import { binaryCrossEntropy } from "./losses.js";
import { collectLayout, splitParameters, trainedLayers } from "./parameters.js";
import type { OptimiserSettings } from "./training-method.js";
import type { TrainingStep } from "./training-step.js";
import { trainingInputs, updateGraph } from "./update-graph.js";

export interface DetectorStepConfig {
  /** Patches in a batch. */
  readonly patches: number;
  /** Of a patch, in voxels; a multiple of 8. */
  readonly edge: number;
  /** New running statistic = momentum * old + (1 - momentum) * batch. */
  readonly statisticsMomentum: number;
}

export const detectorStepDefaults: DetectorStepConfig = { patches: 4, edge: 48, statisticsMomentum: 0.98 };

export const detectorOptimiser: OptimiserSettings = {
  learningRate: 3e-3,
  beta1: 0.9,
  beta2: 0.999,
  weightDecay: 1e-4,
  clipNorm: 5,
};

/** Voxels inside particles are a few in a hundred to one in four. */
const PARTICLE_WEIGHT = 2;
/** One cell in hundreds is a centre; weighted up by so much at the centre itself. */
const CENTRE_WEIGHT = 8;
/** Brings the centre loss, a mean over mostly easy cells, to the size of the other two. */
const CENTRE_SHARE = 8;
const RADIUS_SHARE = 0.5;

/**
 * Inputs: `volumes` and `particles` `[B, E, E, E]`, `centres` and `logRadii` `[B, E/2, E/2, E/2]`, and those of
 * `trainingInputs`. `centres` is 1 at a particle's centre and falls off as a Gaussian; `logRadii` is the logarithm of the
 * radius in voxels of the particle that the cell is nearest to, and counts where `centres` is high. Outputs: the new state
 * and `report` `[4]`: centre loss, particle loss, radius loss, gradient norm.
 */
export function detectorStep(
  config: DetectorConfig,
  { patches, edge, statisticsMomentum }: DetectorStepConfig,
): TrainingStep {
  const volumeShape = [patches, edge, edge, edge];
  const cells = edge / 2;
  const volumes = op.input("volumes", volumeShape);
  const layout = collectLayout((layers) => void detector(layers, config, volumes));
  const state = trainingInputs(layout);
  const parts = splitParameters(layout, state.parameters);
  const batchStatistics: Tensor[] = [];
  const output = detector(trainedLayers(layout, parts, batchStatistics), config, volumes);
  const cellSlices = (name: string): Tensor =>
    op.reshape(op.input(name, [patches, cells, cells, cells]), [patches * cells, 1, cells, cells]);
  const losses = detectorLosses(output, {
    centres: cellSlices("centres"),
    logRadii: cellSlices("logRadii"),
    particles: spaceToDepth(op.input("particles", volumeShape)),
  });
  const loss = op.add(
    op.add(op.multiply(losses.centre, CENTRE_SHARE), losses.particle),
    op.multiply(losses.radius, RADIUS_SHARE),
  );
  const optimiser = detectorOptimiser;
  const options = { parts, batchStatistics, optimiser, statisticsMomentum };
  const { gradientNorm, ...updated } = updateGraph(layout, state, loss, options);
  const report = op.concat(
    [losses.centre, losses.particle, losses.radius, gradientNorm].map((value) => op.reshape(value, [1])),
    0,
  );
  return { layout, outputs: { ...updated, report } };
}

interface DetectorTruth {
  readonly centres: Tensor;
  readonly logRadii: Tensor;
  readonly particles: Tensor;
}

function detectorLosses({ particleLogits, centreLogits, logRadius }: DetectorOutput, truth: DetectorTruth) {
  // A Gaussian's centre is certain, its flank is not: squared, so that the weight keeps to the middle.
  const near = op.multiply(truth.centres, truth.centres);
  const error = op.subtract(logRadius, truth.logRadii);
  return {
    centre: centreLoss(centreLogits, truth.centres),
    particle: binaryCrossEntropy(particleLogits, truth.particles, PARTICLE_WEIGHT),
    radius: op.divide(op.sum(op.multiply(near, op.multiply(error, error))), op.add(op.sum(near), 1)),
  };
}

/**
 * Cross-entropy of a heat map with soft truth t, cells near centres weighted up: mean of (1 + w t) H(t, p). A proper score,
 * so that places rank by how likely they are; a focal factor |t - p|^2 ranked doubtful places worse.
 */
function centreLoss(logits: Tensor, truth: Tensor): Tensor {
  const surprise = op.softplus(op.negate(logits));
  const crossEntropy = op.add(surprise, op.multiply(op.subtract(1, truth), logits));
  return op.mean(op.multiply(op.add(op.multiply(truth, CENTRE_WEIGHT), 1), crossEntropy));
}
