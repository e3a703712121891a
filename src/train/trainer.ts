/** The training loop's state and single step; files, workers and progress are the workflow's. */
import { ConfigError } from "../errors.js";
import { encodeOnnx } from "../graph/index.js";
import {
  createNetwork,
  type NetworkConfig,
  type ParameterLayout,
  type TrainingStepConfig,
  trainingStep,
} from "../model/index.js";
import { type Array32, createSession, type OnnxRuntime, probeBlockedConvolution } from "../runtime/index.js";
import type { Batch } from "./batches.js";
import { advance, initialState, type TrainingState } from "./training-state.js";

export interface StepReport {
  readonly classificationLoss: number;
  readonly diceLoss: number;
  readonly maskCrossEntropy: number;
  readonly gradientNorm: number;
  /** Share of the batch's particles matched to their own class, both ways. */
  readonly accuracy: number;
}

export interface Trainer extends AsyncDisposable {
  readonly layout: ParameterLayout;
  initialState(seed: number): TrainingState;
  /** One optimiser step; updates `state` in place. */
  step(state: TrainingState, batch: Batch, learningRate: number): Promise<StepReport>;
  release(): Promise<void>;
}

/**
 * Builds the training graph of a network and loads it.
 * @throws ConfigError when the batch cannot be cut into the preset's episodes.
 */
export async function createTrainer(
  runtime: OnnxRuntime,
  networkConfig: NetworkConfig,
  config: TrainingStepConfig,
  { threads }: { threads?: number } = {},
): Promise<Trainer> {
  const blockedChannels = await probeBlockedConvolution(runtime);
  if ("ways" in networkConfig && config.classes % networkConfig.ways !== 0)
    throw new ConfigError(`${config.classes} classes in a batch are not a multiple of ${networkConfig.ways} ways`);
  const network = createNetwork(networkConfig);
  const { beta1, beta2 } = network.training.optimiser;
  const { layout, outputs } = trainingStep(network, config);
  const model = encodeOnnx(outputs, { target: "cpu", ...(blockedChannels === undefined ? {} : { blockedChannels }) });
  const session = await createSession(runtime, model, {
    optimization: "extended",
    ...(threads === undefined ? {} : { threads }),
  });
  const volumeShape = [(1 + config.shots) * config.classes, config.edge, config.edge, config.edge];

  return {
    layout,
    release: () => session.release(),
    [Symbol.asyncDispose]: () => session.release(),
    initialState: (seed) => initialState(layout, seed),
    async step(state, batch, learningRate) {
      const inputs = {
        volumes: { data: batch.volumes, shape: volumeShape },
        ...(session.inputNames.includes("masks") && { masks: { data: batch.masks, shape: volumeShape } }),
        ...(session.inputNames.includes("maskKnown") && {
          maskKnown: { data: batch.maskKnown ?? new Float32Array(volumeShape[0]).fill(1), shape: [volumeShape[0]] },
        }),
      };
      const result = await advance(session, state, inputs, { learningRate, beta1, beta2 });
      const [classificationLoss, diceLoss, maskCrossEntropy, gradientNorm] = result.report!.data;
      return {
        classificationLoss: classificationLoss!,
        diceLoss: diceLoss!,
        maskCrossEntropy: maskCrossEntropy!,
        gradientNorm: gradientNorm!,
        accuracy: diagonalAccuracy(result.logits!),
      };
    },
  };
}

/** How often a first view's own second view scores highest in its group, and the other way round; scores are `[..., n, n]`. */
function diagonalAccuracy({ data, shape }: Array32): number {
  const size = shape.at(-1)!;
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
