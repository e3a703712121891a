/** What changes while a network is trained; the same for every network. */
import { elementCount } from "../graph/index.js";
import type { ParameterLayout, ParameterSpec } from "../model/index.js";
import { createRandom } from "../volume/index.js";

/** Everything that changes while training; with the same seed and step it continues bit for bit. A trainer may have the arrays (`Trainer.fetch`). */
export interface TrainingState {
  step: number;
  parameters: Float32Array;
  momentum: Float32Array;
  velocity: Float32Array;
  /** Running means and variances of the batch norms. */
  statistics: Float32Array;
}

/** The state before the first step; every parameter's start depends on the seed and its name only. */
export function initialState(layout: ParameterLayout, seed: number): TrainingState {
  return {
    step: 0,
    parameters: initialValues(layout.parameters, layout.parameterCount, seed),
    momentum: new Float32Array(layout.parameterCount),
    velocity: new Float32Array(layout.parameterCount),
    statistics: initialValues(layout.statistics, layout.statisticCount, seed),
  };
}

/** The named values of a state: what inference needs and what a checkpoint stores. */
export function stateValues(
  layout: ParameterLayout,
  state: Pick<TrainingState, "parameters" | "statistics">,
): Map<string, Float32Array> {
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
