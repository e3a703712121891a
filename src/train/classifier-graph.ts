import { ConfigError } from "../errors.js";
import { createNetwork, type NetworkConfig, type TrainingStepConfig, trainingStep } from "../model/index.js";
import type { Array32 } from "../runtime/index.js";
import type { Batch } from "./batches.js";
import type { StepGraph } from "./trainer.js";

export interface ClassifierReport {
  readonly classificationLoss: number;
  readonly diceLoss: number;
  readonly maskCrossEntropy: number;
  readonly gradientNorm: number;
  /** Fraction of the batch's particles matched to their own class, both ways. */
  readonly accuracy: number;
}

/**
 * The training step of a network that tells particles apart.
 * @throws ConfigError when the batch cannot be cut into the preset's episodes.
 */
export function classifierGraph(
  network: NetworkConfig,
  config: TrainingStepConfig,
): StepGraph<Batch, ClassifierReport> {
  const { classes, shots, edge } = config;
  if ("ways" in network && classes % network.ways !== 0)
    throw new ConfigError(`${classes} classes in a batch are not a multiple of ${network.ways} ways`);
  const particles = (1 + shots) * classes;
  const shape = [particles, edge, edge, edge];
  return {
    ...trainingStep(createNetwork(network), config),
    inputs: ({ volumes, masks, maskKnown = new Float32Array(particles).fill(1) }) => ({
      volumes: { data: volumes, shape },
      masks: { data: masks, shape },
      maskKnown: { data: maskKnown, shape: [particles] },
    }),
    report({ report, logits }) {
      const [classificationLoss, diceLoss, maskCrossEntropy, gradientNorm] = report.data;
      return { classificationLoss, diceLoss, maskCrossEntropy, gradientNorm, accuracy: diagonalAccuracy(logits) };
    },
  };
}

/** How often a first view's own second view scores highest in its group, and the other way round; scores are `[..., n, n]`. */
function diagonalAccuracy({ data, shape }: Array32): number {
  const size = shape[shape.length - 1];
  let hits = 0;
  for (let start = 0; start < data.length; start += size * size) {
    for (let i = 0; i < size; i++) {
      const own = data[start + i * size + i];
      let row = true;
      let column = true;
      for (let j = 0; j < size; j++) {
        if (j === i) continue;
        row &&= own > data[start + i * size + j];
        column &&= own > data[start + j * size + i];
      }
      hits += Number(row) + Number(column);
    }
  }
  return hits / (2 * (data.length / size));
}
