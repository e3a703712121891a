/** The detector's training: its batch and its single step; see trainer.ts for the classifier's. */
import { encodeOnnx } from "../graph/index.js";
import {
  type DetectorConfig,
  type DetectorStepConfig,
  detectorOptimiser,
  detectorStep,
  type ParameterLayout,
} from "../model/index.js";
import { createSession, type OnnxRuntime, probeBlockedConvolution } from "../runtime/index.js";
import { advance, type TrainingState } from "./training-state.js";

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

export interface DetectorStepReport {
  readonly centreLoss: number;
  readonly particleLoss: number;
  readonly radiusLoss: number;
  readonly gradientNorm: number;
}

export interface DetectorTrainer extends AsyncDisposable {
  readonly layout: ParameterLayout;
  /** One optimiser step; updates `state` in place. */
  step(state: TrainingState, batch: DetectorBatch, learningRate: number): Promise<DetectorStepReport>;
  release(): Promise<void>;
}

/** Builds the detector's training graph and loads it. */
export async function createDetectorTrainer(
  runtime: OnnxRuntime,
  network: DetectorConfig,
  config: DetectorStepConfig,
  { threads }: { readonly threads?: number } = {},
): Promise<DetectorTrainer> {
  const blockedChannels = await probeBlockedConvolution(runtime);
  const { layout, outputs } = detectorStep(network, config);
  const model = encodeOnnx(outputs, { target: "cpu", ...(blockedChannels === undefined ? {} : { blockedChannels }) });
  const session = await createSession(runtime, model, {
    optimization: "extended",
    ...(threads === undefined ? {} : { threads }),
  });
  const { patches, edge } = config;
  const voxels = [patches, edge, edge, edge];
  const cells = [patches, edge / 2, edge / 2, edge / 2];
  return {
    layout,
    release: () => session.release(),
    [Symbol.asyncDispose]: () => session.release(),
    async step(state, batch, learningRate) {
      const inputs = {
        volumes: { data: batch.volumes, shape: voxels },
        particles: { data: batch.particles, shape: voxels },
        centres: { data: batch.centres, shape: cells },
        logRadii: { data: batch.logRadii, shape: cells },
      };
      const result = await advance(session, state, inputs, { ...detectorOptimiser, learningRate });
      const [centreLoss, particleLoss, radiusLoss, gradientNorm] = result.report!.data;
      return {
        centreLoss: centreLoss!,
        particleLoss: particleLoss!,
        radiusLoss: radiusLoss!,
        gradientNorm: gradientNorm!,
      };
    },
  };
}
