/** The trainer of every network: its step as an ONNX session over a state. Files, workers and progress are the jobs'. */
import { encodeOnnx } from "../graph/index.js";
import type { ParameterLayout, TrainingStep } from "../model/index.js";
import { type Array32, createSession, type OnnxRuntime, probeBlockedConvolution } from "../runtime/index.js";
import type { TrainingState } from "./training-state.js";

/** What differs between networks: the graph of a step, how a batch goes into it, and what its outputs say. */
export interface StepGraph<Batch, Report> extends TrainingStep {
  /** The batch as the graph's inputs; those that the graph lacks are left out. */
  inputs(batch: Batch): Readonly<Record<string, Array32>>;
  report(outputs: Readonly<Record<string, Array32>>): Report;
}

/** A network in training; `await using` it, or `release` it. */
export interface Trainer<Batch, Report> extends AsyncDisposable {
  readonly layout: ParameterLayout;
  /** One optimiser step; replaces the arrays of `state`. @throws ModelError when ONNX Runtime refuses the batch. */
  step(state: TrainingState, batch: Batch, learningRate: number): Promise<Report>;
  release(): Promise<void>;
}

/**
 * Encodes a training graph and loads it.
 * @throws ModelError when ONNX Runtime refuses it.
 */
export async function createTrainer<Batch, Report>(
  runtime: OnnxRuntime,
  { layout, outputs, optimiser: { beta1, beta2 }, inputs, report }: StepGraph<Batch, Report>,
  { threads }: { readonly threads?: number | undefined } = {},
): Promise<Trainer<Batch, Report>> {
  const blockedChannels = await probeBlockedConvolution(runtime);
  const model = encodeOnnx(outputs, { target: "cpu", ...(blockedChannels !== undefined && { blockedChannels }) });
  const session = await createSession(runtime, model, { optimization: "extended", threads });
  return {
    layout,
    release: session.release,
    [Symbol.asyncDispose]: session.release,
    async step(state, batch, learningRate) {
      const t = state.step + 1;
      const given = Object.entries(inputs(batch)).filter(([name]) => session.inputNames.includes(name));
      const result = await session.run({
        ...Object.fromEntries(given),
        parameters: vector(state.parameters),
        momentum: vector(state.momentum),
        velocity: vector(state.velocity),
        statistics: vector(state.statistics),
        schedule: vector(Float32Array.of(learningRate, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t))),
      });
      state.step = t;
      state.parameters = result.newParameters.data;
      state.momentum = result.newMomentum.data;
      state.velocity = result.newVelocity.data;
      state.statistics = result.newStatistics.data;
      return report(result);
    },
  };
}

const vector = (data: Float32Array): Array32 => ({ data, shape: [data.length] });
