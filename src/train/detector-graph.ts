import { type DetectorConfig, type DetectorStepConfig, detectorStep } from "../model/index.js";
import type { StepGraph } from "./trainer.js";

/** Patches of tomograms with their truth, B of them, one behind the other. */
export interface DetectorBatch {
  /** `[B, E, E, E]`, standardised over the tomogram. */
  readonly volumes: Float32Array;
  /** `[B, E, E, E]`: 1 inside particles. */
  readonly particles: Float32Array;
  /** `[B, E/2, E/2, E/2]`: 1 at centres, falling off as a Gaussian. */
  readonly centres: Float32Array;
  /** `[B, E/2, E/2, E/2]`: logarithm of the radius in voxels of the nearest particle. */
  readonly logRadii: Float32Array;
}

export interface DetectorReport {
  readonly centreLoss: number;
  readonly particleLoss: number;
  readonly radiusLoss: number;
  readonly gradientNorm: number;
}

/** The training step of the network that finds particles of whatever kind. */
export function detectorGraph(
  network: DetectorConfig,
  config: DetectorStepConfig,
): StepGraph<DetectorBatch, DetectorReport> {
  const { patches, edge } = config;
  const voxels = [patches, edge, edge, edge];
  const cells = [patches, edge / 2, edge / 2, edge / 2];
  return {
    ...detectorStep(network, config),
    inputs: ({ volumes, particles, centres, logRadii }) => ({
      volumes: { data: volumes, shape: voxels },
      particles: { data: particles, shape: voxels },
      centres: { data: centres, shape: cells },
      logRadii: { data: logRadii, shape: cells },
    }),
    report({ report }) {
      const [centreLoss, particleLoss, radiusLoss, gradientNorm] = report.data;
      return { centreLoss, particleLoss, radiusLoss, gradientNorm };
    },
  };
}
