/** The detector's training step as one graph. */
import { op, type Tensor } from "../graph/index.js";
import { type DetectorConfig, type DetectorOutput, detector } from "./detector.js";
import { spaceToDepth } from "./layers.js";
import { type TrainingStep, trainingGraph } from "./training-graph.js";
import type { OptimiserSettings } from "./training-method.js";

export interface DetectorStepConfig {
  /** Patches in a batch. */
  readonly patches: number;
  /** Edge of a patch in voxels; a multiple of 8. */
  readonly edge: number;
  /**
   * Cells within this distance of a patch's face do not count in the loss: convolutions see zeros beyond it, and answers
   * that are right there would be wrong in the middle of a tile.
   */
  readonly borderVoxels: number;
  /** New running statistic = momentum * old + (1 - momentum) * batch. */
  readonly statisticsMomentum: number;
}

export const detectorStepDefaults: DetectorStepConfig = {
  patches: 3,
  edge: 64,
  borderVoxels: 10,
  statisticsMomentum: 0.98,
};

export const detectorOptimiser: OptimiserSettings = {
  learningRate: 3e-3,
  beta1: 0.9,
  beta2: 0.999,
  weightDecay: 1e-4,
  clipNorm: 5,
};

/** A few per cent to a quarter of all voxels are inside particles; this much is added to their weight of 1. */
const PARTICLE_WEIGHT = 1;
/** One cell in hundreds is a centre; this much is added to the weight at the centre itself. */
const CENTRE_WEIGHT = 8;
/** Brings the centre loss, a mean over mostly easy cells, to the size of the other two. */
const CENTRE_FACTOR = 8;
const RADIUS_FACTOR = 0.5;

/**
 * Inputs: `volumes` and `particles` `[B, E, E, E]`, `centres` and `logRadii` `[B, E/2, E/2, E/2]`, and those of
 * `trainingGraph`. `centres` is 1 at a particle's centre and falls off as a Gaussian; `logRadii` is the logarithm of the
 * radius in voxels of the particle that the cell is nearest to, and counts where `centres` is high. Outputs: the new state
 * and `report` `[4]`: centre loss, particle loss, radius loss, gradient norm.
 */
export function detectorStep(
  config: DetectorConfig,
  { patches, edge, borderVoxels, statisticsMomentum }: DetectorStepConfig,
): TrainingStep {
  const volumeShape = [patches, edge, edge, edge];
  const cells = edge / 2;
  const volumes = op.input("volumes", volumeShape);
  const cellSlices = (name: string): Tensor =>
    op.reshape(op.input(name, [patches, cells, cells, cells]), [patches * cells, 1, cells, cells]);
  return trainingGraph(
    (layers) => detector(layers, config, volumes),
    (output) => {
      const { centre, particle, radius } = detectorLosses(output, {
        centres: cellSlices("centres"),
        logRadii: cellSlices("logRadii"),
        particles: spaceToDepth(op.input("particles", volumeShape)),
        counts: innerCells(patches, cells, Math.ceil(borderVoxels / 2)),
      });
      const both = op.add(op.multiply(centre, CENTRE_FACTOR), particle);
      const loss = op.add(both, op.multiply(radius, RADIUS_FACTOR));
      return { loss, figures: [centre, particle, radius] };
    },
    { optimiser: detectorOptimiser, statisticsMomentum },
  );
}

/** 1 for cells at least `border` away from each face of their patch, 0 for the others; `[N * cells, 1, cells, cells]`. */
function innerCells(patches: number, cells: number, border: number): Tensor {
  const inner = (i: number): number => (i >= border && i < cells - border ? 1 : 0);
  const values = Float32Array.from(
    { length: patches * cells ** 3 },
    (_, at) => inner(at % cells) * inner(Math.floor(at / cells) % cells) * inner(Math.floor(at / cells ** 2) % cells),
  );
  return op.constant(values, [patches * cells, 1, cells, cells]);
}

interface DetectorTruth {
  readonly centres: Tensor;
  readonly logRadii: Tensor;
  readonly particles: Tensor;
  /** 1 for cells that count. */
  readonly counts: Tensor;
}

function detectorLosses({ particleLogits, centreLogits, logRadius }: DetectorOutput, truth: DetectorTruth) {
  const meanOfCounted = (loss: Tensor): Tensor =>
    op.divide(op.sum(op.multiply(loss, truth.counts)), op.multiply(op.sum(truth.counts), loss.shape[1]));
  // A Gaussian's centre is certain, its flank is not: squared, so that the weight keeps to the middle.
  const near = op.multiply(op.multiply(truth.centres, truth.centres), truth.counts);
  const error = op.subtract(logRadius, truth.logRadii);
  // A proper score: at its optimum the answer is the probability itself, which a focal factor would distort.
  const weighted = (logits: Tensor, target: Tensor, extra: number): Tensor =>
    op.multiply(crossEntropy(logits, target), op.add(op.multiply(target, extra), 1));
  return {
    centre: meanOfCounted(weighted(centreLogits, truth.centres, CENTRE_WEIGHT)),
    particle: meanOfCounted(weighted(particleLogits, truth.particles, PARTICLE_WEIGHT)),
    radius: op.divide(op.sum(op.multiply(near, op.multiply(error, error))), op.add(op.sum(near), 1)),
  };
}

/** Of each element, from log-odds x and truth t from 0 to 1: softplus(-x) + (1 - t) x. */
function crossEntropy(logits: Tensor, truth: Tensor): Tensor {
  return op.add(op.softplus(op.negate(logits)), op.multiply(op.subtract(1, truth), logits));
}
