/**
 * Where a network's weights come from. A network is a function that asks a `Layers` for its parameters by name; the same
 * function then gives the list of parameters, the training graph (parameters as slices of one flat vector, so that the
 * optimiser is a handful of vector operations) and the inference graph (constants, batch norms folded away).
 */
import { elementCount, op, type Shape, type Tensor } from "../graph/index.js";

/** How a parameter starts: a constant, or normal deviates with variance `gain / fanIn` (He et al. 2015: gain 2). */
export type Initial = number | { readonly fanIn: number; readonly gain: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** First element in the flat vector. */
  readonly offset: number;
}

/** Names, shapes and offsets of everything a network learns: trained parameters, and running statistics of its batch norms. */
export interface ParameterLayout {
  readonly parameters: readonly ParameterSpec[];
  readonly statistics: readonly ParameterSpec[];
  readonly parameterCount: number;
  readonly statisticCount: number;
}

/** What network definitions are written against. */
export interface Layers {
  /** A parameter by its name, of this shape. */
  parameter(name: string, shape: Shape, initial: Initial): Tensor;
  /** 3x3x3 convolution without bias, then batch norm; folded into one convolution with bias for inference. */
  convNorm(name: string, x: Tensor, outputs: number, depth: number, stride?: 1 | 2): Tensor;
  /** Batch norm of `[M, C, H, W]`. */
  norm(name: string, x: Tensor): Tensor;
}

/** The same layers, except that a parameter asked for again by the same name is the same: weights shared on purpose. */
export function sharing(layers: Layers): Layers {
  const known = new Map<string, Tensor>();
  return {
    ...layers,
    parameter(name, shape, initial) {
      const tensor = known.get(name) ?? layers.parameter(name, shape, initial);
      known.set(name, tensor);
      return tensor;
    },
  };
}

const NORM_EPSILON = 1e-5;

const convSpec = (x: Tensor, outputs: number): [Shape, Initial] => {
  const channels = x.shape[1];
  return [[outputs, channels, 3, 3, 3], { fanIn: channels * 27, gain: 2 }];
};

/** Runs a network definition once to learn what it needs. */
export function collectLayout(build: (layers: Layers) => void): ParameterLayout {
  const parameters: ParameterSpec[] = [];
  const statistics: ParameterSpec[] = [];
  const append = (list: ParameterSpec[], name: string, shape: Shape, initial: Initial): void => {
    if (list.some((spec) => spec.name === name)) throw new Error(`parameter ${name} is defined twice`);
    list.push({ name, shape, initial, offset: totalOf(list) });
  };
  const layers = trainingLayers(
    (name, shape, initial) => {
      append(parameters, name, shape, initial);
      return op.constant(0, shape);
    },
    (name, mean) => {
      append(statistics, `${name}.mean`, [mean.shape[1]], 0);
      append(statistics, `${name}.variance`, [mean.shape[1]], 1);
    },
  );
  build(layers);
  return { parameters, statistics, parameterCount: totalOf(parameters), statisticCount: totalOf(statistics) };
}

const totalOf = (list: readonly ParameterSpec[]): number =>
  list.reduce((sum, spec) => sum + elementCount(spec.shape), 0);

/** The parts of a flat vector, in the order and shapes of the layout. */
export function splitParameters(layout: ParameterLayout, flat: Tensor): Tensor[] {
  return layout.parameters.map(({ offset, shape }) =>
    op.reshape(op.slice(flat, 0, offset, offset + elementCount(shape)), shape),
  );
}

/**
 * Layers over parameters in the layout's order, for training. `batchStatistics` fills up with each norm's batch mean and
 * variance in the order of `layout.statistics` while the network is built.
 */
export function trainedLayers(
  layout: ParameterLayout,
  parameters: readonly Tensor[],
  batchStatistics: Tensor[],
): Layers {
  const byName = new Map(layout.parameters.map(({ name }, i) => [name, parameters[i]]));
  return trainingLayers(
    (name) => byName.get(name)!,
    (_, mean, variance) => {
      for (const statistic of [mean, variance]) batchStatistics.push(op.reshape(statistic, [-1]));
    },
  );
}

function trainingLayers(
  parameter: (name: string, shape: Shape, initial: Initial) => Tensor,
  record: (name: string, mean: Tensor, variance: Tensor) => void,
): Layers {
  const norm = (name: string, x: Tensor): Tensor => {
    const shape = [1, x.shape[1], 1, 1];
    const gamma = parameter(`${name}.gamma`, shape, 1);
    const beta = parameter(`${name}.beta`, shape, 0);
    const statistics = op.channelStatistics(x);
    record(name, statistics.mean, statistics.variance);
    return op.batchNorm(x, gamma, beta, NORM_EPSILON, statistics);
  };
  return {
    parameter,
    norm,
    convNorm(name, x, outputs, depth, stride = 1) {
      const weights = parameter(`${name}.weights`, ...convSpec(x, outputs));
      return norm(`${name}.norm`, op.conv3d(x, weights, depth, stride));
    },
  };
}

/** Named values of a trained network: parameters and running statistics. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** Layers of constants, for inference: running statistics instead of batch statistics, norms folded into convolutions. */
export function constantLayers(values: ParameterValues): Layers {
  const value = (name: string): Float32Array => {
    const found = values.get(name);
    if (found === undefined) throw new Error(`the network asks for a parameter ${name} that the values lack`);
    return found;
  };
  const affine = (name: string): { scale: Float32Array; shift: Float32Array } => {
    const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"].map((part) => value(`${name}.${part}`));
    const scale = gamma.map((g, c) => g / Math.sqrt(variance[c] + NORM_EPSILON));
    return { scale, shift: beta.map((b, c) => b - mean[c] * scale[c]) };
  };
  return {
    parameter: (name, shape) => op.constant(value(name), shape, name),
    norm(name, x) {
      const { scale, shift } = affine(name);
      const shape = [1, x.shape[1], 1, 1];
      return op.add(
        op.multiply(x, op.constant(scale, shape, `${name}.scale`)),
        op.constant(shift, shape, `${name}.shift`),
      );
    },
    convNorm(name, x, outputs, depth, stride = 1) {
      const { scale, shift } = affine(`${name}.norm`);
      const [shape] = convSpec(x, outputs);
      const perOutput = elementCount(shape) / outputs;
      const weights = value(`${name}.weights`).map((w, i) => w * scale[Math.floor(i / perOutput)]);
      return op.add(
        op.conv3d(x, op.constant(weights, shape, `${name}.folded`), depth, stride),
        op.constant(shift, [1, outputs, 1, 1], `${name}.shift`),
      );
    },
  };
}

/** Layers of the constants that a network's file holds, as `constantLayers` named them: the same network for volumes of another shape. */
export function storedLayers(constants: ParameterValues): Layers {
  const constant = (name: string, shape: Shape): Tensor => op.constant(constants.get(name)!, shape, name);
  return {
    parameter: constant,
    norm(name, x) {
      const shape = [1, x.shape[1], 1, 1];
      return op.add(op.multiply(x, constant(`${name}.scale`, shape)), constant(`${name}.shift`, shape));
    },
    convNorm(name, x, outputs, depth, stride = 1) {
      const weights = constant(`${name}.folded`, convSpec(x, outputs)[0]);
      return op.add(op.conv3d(x, weights, depth, stride), constant(`${name}.shift`, [1, outputs, 1, 1]));
    },
  };
}
