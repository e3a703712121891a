/** The part of a training step that every network shares: from a loss to new parameters, optimiser state and statistics. */
import { adamW, differentiate, elementCount, op, type Tensor } from "../graph/index.js";
import type { ParameterLayout } from "./parameters.js";
import type { OptimiserSettings } from "./training-method.js";

/** Graph inputs of a training step besides its batch: all flat but `schedule`, `[3]`. */
export interface TrainingInputs {
  readonly parameters: Tensor;
  readonly momentum: Tensor;
  readonly velocity: Tensor;
  /** Running statistics of the batch norms. */
  readonly statistics: Tensor;
  /** Learning rate, momentum correction, velocity correction. */
  readonly schedule: Tensor;
}

export function trainingInputs({ parameterCount, statisticCount }: ParameterLayout): TrainingInputs {
  return {
    parameters: op.input("parameters", [parameterCount]),
    momentum: op.input("momentum", [parameterCount]),
    velocity: op.input("velocity", [parameterCount]),
    statistics: op.input("statistics", [statisticCount]),
    schedule: op.input("schedule", [3]),
  };
}

export interface UpdateOptions {
  /** The parameters as the loss uses them: `splitParameters` of the flat input. */
  readonly parts: readonly Tensor[];
  /** As `trainedLayers` recorded them. */
  readonly batchStatistics: readonly Tensor[];
  readonly optimiser: OptimiserSettings;
  /** New running statistic = momentum * old + (1 - momentum) * batch. */
  readonly statisticsMomentum: number;
}

/** One optimiser step down the loss. Parameters named `.weights` decay, biases and norms do not. */
export function updateGraph(
  layout: ParameterLayout,
  { statistics, schedule, ...state }: TrainingInputs,
  loss: Tensor,
  { parts, batchStatistics, optimiser, statisticsMomentum }: UpdateOptions,
) {
  // In the parts, then joined: differentiating in the flat vector would pad each part's gradient to full length and add them up.
  const gradient = op.concat(
    differentiate(loss, parts).map((part) => op.reshape(part, [-1])),
    0,
  );
  const decays = new Float32Array(layout.parameterCount);
  for (const { name, offset, shape } of layout.parameters)
    if (name.endsWith(".weights")) decays.fill(1, offset, offset + elementCount(shape));
  const next = adamW(state, gradient, {
    ...optimiser,
    learningRate: op.slice(schedule, 0, 0, 1),
    momentumCorrection: op.slice(schedule, 0, 1, 2),
    velocityCorrection: op.slice(schedule, 0, 2, 3),
    decays: op.constant(decays, [layout.parameterCount]),
  });
  const newStatistics = op.add(
    op.multiply(statistics, statisticsMomentum),
    op.multiply(op.concat(batchStatistics, 0), 1 - statisticsMomentum),
  );
  return {
    newParameters: next.parameters,
    newMomentum: next.momentum,
    newVelocity: next.velocity,
    newStatistics,
    gradientNorm: next.gradientNorm,
  };
}
