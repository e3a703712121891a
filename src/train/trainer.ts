/** The trainer of every network: its step as an ONNX session over a state. Files, workers and progress are the jobs'. */
import { encodeOnnx } from "../graph/index.js";
import type { ParameterLayout, TrainingStep } from "../model/index.js";
import {
  type Array32,
  createSession,
  createStateSession,
  type Device,
  type OnnxRuntime,
  probeBlockedConvolution,
  type Session,
} from "../runtime/index.js";
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
  /**
   * One optimiser step. The arrays of `state` move to where steps are computed, and are empty until `fetch`.
   * @throws ModelError when ONNX Runtime refuses the batch.
   */
  step(state: TrainingState, batch: Batch, learningRate: number): Promise<Report>;
  /** Moves the arrays of `state` back, as the last step left them. */
  fetch(state: TrainingState): Promise<void>;
  release(): Promise<void>;
}

/** What a batch says of a step, before it is made. */
export interface BatchGradient<Report> {
  /** Flat, as the parameters are. */
  readonly gradient: Float32Array;
  /** Running statistics of the batch norms, moved by this batch. */
  readonly statistics: Float32Array;
  /** Its `gradientNorm` is that of the batch. */
  readonly report: Report;
}

/** Half of a step: the gradients of batches; `await using` it. */
export interface GradientSession<Batch, Report> extends AsyncDisposable {
  /** @throws ModelError when ONNX Runtime refuses the batch. */
  gradientOf(at: Pick<TrainingState, "parameters" | "statistics">, batch: Batch): Promise<BatchGradient<Report>>;
}

/** The other half: a step by what several batches say; `await using` it. */
export interface Optimiser extends AsyncDisposable {
  /**
   * One optimiser step by the mean of the gradients, summed in the order given; replaces the arrays of `state`.
   * @returns the mean of the reports, with the norm of the mean gradient.
   */
  step<Report extends NumericReport<Report>>(
    state: TrainingState,
    gradients: readonly BatchGradient<Report>[],
    learningRate: number,
  ): Promise<Report>;
}

type NumericReport<Report> = { readonly [Figure in keyof Report]: number } & { readonly gradientNorm: number };

/** @internal How a graph runs. */
interface RunOptions {
  readonly threads?: number | undefined;
  /** Default "cpu". */
  readonly device?: Device | undefined;
}

/**
 * Encodes a training graph and loads it.
 * @throws ModelError when ONNX Runtime refuses it.
 */
export async function createTrainer<Batch, Report>(
  runtime: OnnxRuntime,
  { layout, outputs, optimiser, inputs, report }: StepGraph<Batch, Report>,
  options: RunOptions = {},
): Promise<Trainer<Batch, Report>> {
  const { model, ...run } = await encoded(runtime, outputs, options);
  const session = await createStateSession(runtime, model, NEXT, run);
  /** Whose arrays the session has. */
  let away: TrainingState | undefined;
  const fetch = async (state: TrainingState) => {
    if (state !== away) return;
    for (const [name, { data }] of Object.entries(await session.takeState())) state[name as keyof typeof NEXT] = data;
    away = undefined;
  };
  return {
    layout,
    release: session.release,
    [Symbol.asyncDispose]: session.release,
    fetch,
    async step(state, batch, learningRate) {
      if (away && state !== away) await fetch(away);
      const result = await session.run({
        ...knownInputs(session, inputs(batch)),
        ...scheduleInput(state, optimiser, learningRate),
        ...(state !== away && { ...stateInputs(state), statistics: vector(state.statistics) }),
      });
      away = Object.assign(state, ELSEWHERE);
      state.step++;
      return report(result);
    },
  };
}

/** The outputs of a step that are the next step's inputs. */
const NEXT = {
  ...{ parameters: "newParameters", momentum: "newMomentum", velocity: "newVelocity", statistics: "newStatistics" },
} as const;

const NONE = new Float32Array(0);
const ELSEWHERE = { parameters: NONE, momentum: NONE, velocity: NONE, statistics: NONE };

/**
 * Loads the part of a training graph that finds gradients.
 * @throws ModelError when ONNX Runtime refuses it.
 */
export async function createGradientSession<Batch, Report>(
  runtime: OnnxRuntime,
  { parts, inputs, report }: StepGraph<Batch, Report>,
  options: RunOptions = {},
): Promise<GradientSession<Batch, Report>> {
  const session = await sessionOf(runtime, parts.gradient, options);
  return {
    [Symbol.asyncDispose]: session.release,
    async gradientOf({ parameters, statistics }, batch) {
      const result = await session.run({
        ...knownInputs(session, inputs(batch)),
        ...{ parameters: vector(parameters), statistics: vector(statistics) },
      });
      return { gradient: result.gradient.data, statistics: result.newStatistics.data, report: report(result) };
    },
  };
}

/**
 * Loads the part of a training graph that makes a step of gradients.
 * @throws ModelError when ONNX Runtime refuses it.
 */
export async function createOptimiser(
  runtime: OnnxRuntime,
  { parts, optimiser }: TrainingStep,
  options: RunOptions = {},
): Promise<Optimiser> {
  const session = await sessionOf(runtime, parts.update, options);
  return {
    [Symbol.asyncDispose]: session.release,
    async step(state, gradients, learningRate) {
      const result = await session.run({
        ...stateInputs(state),
        ...scheduleInput(state, optimiser, learningRate),
        gradient: vector(meanOf(gradients.map(({ gradient }) => gradient))),
      });
      takeStep(state, result);
      state.statistics = meanOf(gradients.map(({ statistics }) => statistics));
      const reports = gradients.map(({ report }) => report);
      return { ...meanReport(reports), gradientNorm: result.gradientNorm.data[0] };
    },
  };
}

async function sessionOf(runtime: OnnxRuntime, outputs: TrainingStep["outputs"], options: RunOptions) {
  const { model, ...run } = await encoded(runtime, outputs, options);
  return createSession(runtime, model, run);
}

/** A graph as its device takes it, and how it runs there. */
async function encoded(
  runtime: OnnxRuntime,
  outputs: TrainingStep["outputs"],
  { threads, device = "cpu" }: RunOptions,
) {
  if (device !== "cpu") return { model: encodeOnnx(outputs, { target: "portable" }), threads, device };
  const blockedChannels = await probeBlockedConvolution(runtime);
  const model = encodeOnnx(outputs, { target: "cpu", ...(blockedChannels !== undefined && { blockedChannels }) });
  return { model, optimization: "extended", threads } as const;
}

function knownInputs(
  { inputNames }: Pick<Session, "inputNames">,
  given: Readonly<Record<string, Array32>>,
): Record<string, Array32> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => inputNames.includes(name)));
}

const stateInputs = ({ parameters, momentum, velocity }: TrainingState): Record<string, Array32> => ({
  parameters: vector(parameters),
  momentum: vector(momentum),
  velocity: vector(velocity),
});

function scheduleInput(
  { step }: TrainingState,
  { beta1, beta2 }: TrainingStep["optimiser"],
  learningRate: number,
): Record<string, Array32> {
  const t = step + 1;
  return { schedule: vector(Float32Array.of(learningRate, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t))) };
}

function takeStep(state: TrainingState, result: Readonly<Record<string, Array32>>): void {
  state.step++;
  state.parameters = result.newParameters.data;
  state.momentum = result.newMomentum.data;
  state.velocity = result.newVelocity.data;
}

/** Of vectors of one length, added up in their order: the same bytes wherever they were made. */
function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0].length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i] += vector[i];
  for (let i = 0; i < mean.length; i++) mean[i] /= vectors.length;
  return mean;
}

function meanReport<Report extends NumericReport<Report>>(reports: readonly Report[]): Report {
  const figures = Object.keys(reports[0]) as (keyof Report)[]; // all of them numbers
  const mean = (figure: keyof Report) => reports.reduce((sum, report) => sum + report[figure], 0) / reports.length;
  return Object.fromEntries(figures.map((figure) => [figure, mean(figure)])) as Report;
}

const vector = (data: Float32Array): Array32 => ({ data, shape: [data.length] });
