/** The training step of any network as one graph: batch, parameters and optimiser state in; report, new parameters and state out. */
import { adamW, differentiate, elementCount, op, type Tensor } from "../graph/index.js";
import { collectLayout, type Layers, type ParameterLayout, splitParameters, trainedLayers } from "./parameters.js";
import type { OptimiserSettings } from "./training-method.js";

type Outputs = Readonly<Record<string, Tensor>>;

/** A training step's graph, and what it expects of the state. */
export interface TrainingStep {
  readonly layout: ParameterLayout;
  readonly outputs: Outputs;
  /** The step in two graphs, so that the gradients of several batches can make one step. */
  readonly parts: {
    /** `gradient`, `newStatistics` and what is reported, of a batch, `parameters` and `statistics`. */
    readonly gradient: Outputs;
    /** `newParameters`, `newMomentum`, `newVelocity` and `gradientNorm` `[1]`, of a `gradient`, the state and `schedule`. */
    readonly update: Outputs;
  };
  readonly optimiser: OptimiserSettings;
}

/** What is to be learnt. */
export interface Objective {
  /** The one value to make small. */
  readonly loss: Tensor;
  /** Values that are reported beside the gradient's norm. */
  readonly figures: readonly Tensor[];
  /** Further outputs. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
}

/**
 * The graph of one optimiser step down the loss that `objective` finds in what `forward` builds. Parameters named `.weights`
 * decay, biases and norms do not. Inputs, besides the batch, are `parameters`, `momentum`, `velocity` and `statistics`
 * (running ones of the batch norms), all flat, and `schedule` `[3]`: learning rate, momentum correction, velocity correction.
 * Outputs: `newParameters`, `newMomentum`, `newVelocity`, `newStatistics`, those of the objective, and `report`: its figures,
 * then the gradient's norm. New running statistic = `statisticsMomentum` * old + (1 - `statisticsMomentum`) * batch.
 */
export function trainingGraph<Forward>(
  forward: (layers: Layers) => Forward,
  objective: (built: Forward) => Objective,
  { optimiser, statisticsMomentum }: { readonly optimiser: OptimiserSettings; readonly statisticsMomentum: number },
): TrainingStep {
  const layout = collectLayout(forward);
  const parameters = op.input("parameters", [layout.parameterCount]);
  const statistics = op.input("statistics", [layout.statisticCount]);
  const parts = splitParameters(layout, parameters);
  const batchStatistics: Tensor[] = [];
  const { loss, figures, outputs } = objective(forward(trainedLayers(layout, parts, batchStatistics)));
  // In the parts, then joined: differentiating in the flat vector would pad each part's gradient to full length and add them up.
  const gradient = op.concat(
    differentiate(loss, parts).map((part) => op.reshape(part, [-1])),
    0,
  );
  const newStatistics = op.add(
    op.multiply(statistics, statisticsMomentum),
    op.multiply(op.concat(batchStatistics, 0), 1 - statisticsMomentum),
  );
  const reported = (gradientNorm: Tensor): Outputs => {
    const values = [...figures, gradientNorm].map((value) => op.reshape(value, [1]));
    return { ...outputs, report: op.concat(values, 0) };
  };
  const { gradientNorm, ...newState } = optimiserStep(layout, optimiser, { parameters, gradient });
  const given = op.input("gradient", [layout.parameterCount]);
  const apart = optimiserStep(layout, optimiser, { parameters, gradient: given });
  return {
    ...{ layout, optimiser },
    outputs: { ...newState, newStatistics, ...reported(gradientNorm) },
    parts: {
      gradient: { gradient, newStatistics, ...reported(op.sqrt(op.sum(op.multiply(gradient, gradient)))) },
      update: { ...apart, gradientNorm: op.reshape(apart.gradientNorm, [1]) },
    },
  };
}

function optimiserStep(
  layout: ParameterLayout,
  optimiser: OptimiserSettings,
  { parameters, gradient }: { readonly parameters: Tensor; readonly gradient: Tensor },
) {
  const flat = (name: string): Tensor => op.input(name, [layout.parameterCount]);
  const schedule = op.input("schedule", [3]);
  const decays = new Float32Array(layout.parameterCount);
  for (const { name, offset, shape } of layout.parameters)
    if (name.endsWith(".weights")) decays.fill(1, offset, offset + elementCount(shape));
  const state = { parameters, momentum: flat("momentum"), velocity: flat("velocity") };
  const next = adamW(state, gradient, {
    ...optimiser,
    learningRate: op.slice(schedule, 0, 0, 1),
    momentumCorrection: op.slice(schedule, 0, 1, 2),
    velocityCorrection: op.slice(schedule, 0, 2, 3),
    decays: op.constant(decays, [layout.parameterCount]),
  });
  return {
    newParameters: next.parameters,
    newMomentum: next.momentum,
    newVelocity: next.velocity,
    gradientNorm: next.gradientNorm,
  };
}
