/** The training loop's state and single step; files, workers and progress are the workflow's. */
import { ConfigError } from "../errors.js";
import { elementCount, encodeOnnx } from "../graph/index.js";
import {
  createNetwork,
  type NetworkConfig,
  type ParameterLayout,
  type ParameterSpec,
  type TrainingStepConfig,
  trainingStep,
} from "../model/index.js";
import { type Array32, createSession, type OnnxRuntime, probeBlockedConvolution } from "../runtime/index.js";
import { createRandom } from "../volume/index.js";
import type { Batch } from "./batches.js";

/** Everything that changes while training; with the same seed and step it continues bit for bit. */
export interface TrainingState {
  step: number;
  parameters: Float32Array;
  momentum: Float32Array;
  velocity: Float32Array;
  /** Running means and variances of the batch norms. */
  statistics: Float32Array;
}

export interface StepReport {
  readonly classificationLoss: number;
  readonly diceLoss: number;
  readonly maskCrossEntropy: number;
  readonly gradientNorm: number;
  /** Share of the batch's particles matched to their own class, both ways. */
  readonly accuracy: number;
}

export interface Trainer {
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
  const vector = (data: Float32Array): Array32 => ({ data, shape: [data.length] });
  const volumeShape = [(1 + config.shots) * config.classes, config.edge, config.edge, config.edge];

  return {
    layout,
    release: () => session.release(),
    initialState: (seed) => ({
      step: 0,
      parameters: initialValues(layout.parameters, layout.parameterCount, seed),
      momentum: new Float32Array(layout.parameterCount),
      velocity: new Float32Array(layout.parameterCount),
      statistics: initialValues(layout.statistics, layout.statisticCount, seed),
    }),
    async step(state, batch, learningRate) {
      const t = state.step + 1;
      const result = await session.run({
        volumes: { data: batch.volumes, shape: volumeShape },
        ...(session.inputNames.includes("masks") && { masks: { data: batch.masks, shape: volumeShape } }),
        parameters: vector(state.parameters),
        momentum: vector(state.momentum),
        velocity: vector(state.velocity),
        statistics: vector(state.statistics),
        schedule: vector(Float32Array.of(learningRate, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t))),
      });
      state.step = t;
      state.parameters = result.newParameters!.data;
      state.momentum = result.newMomentum!.data;
      state.velocity = result.newVelocity!.data;
      state.statistics = result.newStatistics!.data;
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

/** The named values of a state: what inference needs and what a checkpoint stores. */
export function stateValues(layout: ParameterLayout, state: TrainingState): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  const add = (specs: readonly ParameterSpec[], flat: Float32Array): void => {
    for (const { name, offset, shape } of specs) values.set(name, flat.subarray(offset, offset + elementCount(shape)));
  };
  add(layout.parameters, state.parameters);
  add(layout.statistics, state.statistics);
  return values;
}

/** Linear warm-up over the first steps, then half a cosine down to 2 % at the last step. */
export function learningRateAt(
  step: number,
  { peak, steps, warmup }: { peak: number; steps: number; warmup: number },
): number {
  const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / steps)));
  return peak * Math.min(1, (step + 1) / warmup) * (0.02 + 0.98 * cosine);
}

function initialValues(specs: readonly ParameterSpec[], count: number, seed: number): Float32Array {
  const flat = new Float32Array(count);
  for (const { name, shape, initial, offset } of specs) {
    const end = offset + elementCount(shape);
    if (typeof initial === "number") {
      flat.fill(initial, offset, end);
      continue;
    }
    const random = createRandom(seed).fork("initial", name);
    const deviation = Math.sqrt(initial.gain / initial.fanIn);
    for (let i = offset; i < end; i++) flat[i] = deviation * random.normal();
  }
  return flat;
}

/** How often a first view's own second view scores highest in its group, and the other way round; scores are `[..., n, n]`. */
function diagonalAccuracy({ data, shape }: Array32): number {
  const size = shape.at(-1)!;
  let hits = 0;
  for (let start = 0; start < data.length; start += size * size) {
    for (let i = 0; i < size; i++) {
      const own = data[start + i * size + i]!;
      let row = true;
      let column = true;
      for (let j = 0; j < size; j++) {
        if (j === i) continue;
        row &&= own > data[start + i * size + j]!;
        column &&= own > data[start + j * size + i]!;
      }
      hits += Number(row) + Number(column);
    }
  }
  return hits / (2 * (data.length / size));
}
