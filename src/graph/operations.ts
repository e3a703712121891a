/** Thin constructors over `node`: the vocabulary in which networks and gradients are written. */

import type { InputType, Reduction, Shape } from "./operation.js";
import { elementCount } from "./shape.js";
import { node, type Tensor } from "./tensor.js";

/** A named graph input. */
export const input = (name: string, shape: Shape, type: InputType = "float32"): Tensor =>
  node({ kind: "input", name, shape, type });

/** A constant; a plain number is a scalar. Named constants keep their name as an ONNX initializer. */
export function constant(value: number | Float32Array, shape: Shape = [], name?: string): Tensor {
  const data = typeof value === "number" ? new Float32Array(elementCount(shape)).fill(value) : value;
  return node({ kind: "constant", value: data, shape, ...(name === undefined ? {} : { name }) });
}

/** What operations take: a tensor, or a number that is broadcast. */
export type Operand = Tensor | number;
const operand = (value: Operand): Tensor => (typeof value === "number" ? constant(value) : value);

/** a + b, broadcast. */
export const add = (a: Operand, b: Operand): Tensor => node({ kind: "add" }, operand(a), operand(b));
/** a - b, broadcast. */
export const subtract = (a: Operand, b: Operand): Tensor => node({ kind: "subtract" }, operand(a), operand(b));
/** a b, value by value, broadcast. */
export const multiply = (a: Operand, b: Operand): Tensor => node({ kind: "multiply" }, operand(a), operand(b));
/** a / b, broadcast. */
export const divide = (a: Operand, b: Operand): Tensor => node({ kind: "divide" }, operand(a), operand(b));
/** 1 where a = b, else 0. */
export const equal = (a: Operand, b: Operand): Tensor => node({ kind: "equal" }, operand(a), operand(b));
/** 1 where a > b, else 0. */
export const greater = (a: Operand, b: Operand): Tensor => node({ kind: "greater" }, operand(a), operand(b));
/** -a. */
export const negate = (a: Tensor): Tensor => node({ kind: "negate" }, a);
/** e to the power of a. */
export const exp = (a: Tensor): Tensor => node({ kind: "exp" }, a);
/** The natural logarithm of a. */
export const log = (a: Tensor): Tensor => node({ kind: "log" }, a);
/** The square root of a. */
export const sqrt = (a: Tensor): Tensor => node({ kind: "sqrt" }, a);
/** |a|. */
export const abs = (a: Tensor): Tensor => node({ kind: "abs" }, a);
/** 1, 0 or -1. */
export const sign = (a: Tensor): Tensor => node({ kind: "sign" }, a);
/** 1 where a > 0, else 0. */
export const step = (a: Tensor): Tensor => node({ kind: "step" }, a);
/** 1 / (1 + exp(-a)). */
export const sigmoid = (a: Tensor): Tensor => node({ kind: "sigmoid" }, a);
/** log(1 + exp(a)), without overflow. */
export const softplus = (a: Tensor): Tensor => node({ kind: "softplus" }, a);
/** The larger of a and 0. */
export const relu = (a: Tensor): Tensor => node({ kind: "relu" }, a);
/** The value of a, as a constant to `differentiate`. */
export const stopGradient = (a: Tensor): Tensor => node({ kind: "stopGradient" }, a);

const allAxes = (a: Tensor): number[] => a.shape.map((_, axis) => axis);

/** Reductions keep the reduced axes with length 1; without `axes` they reduce everything. */
export function reduce(how: Reduction, a: Tensor, axes: readonly number[] = allAxes(a)): Tensor {
  return node({ kind: "reduce", how, axes: [...axes].sort((x, y) => x - y) }, a);
}
/** `reduce` by the sum. */
export const sum = (a: Tensor, axes?: readonly number[]): Tensor => reduce("sum", a, axes);
/** `reduce` by the mean. */
export const mean = (a: Tensor, axes?: readonly number[]): Tensor => reduce("mean", a, axes);
/** `reduce` by the largest. */
export const max = (a: Tensor, axes?: readonly number[]): Tensor => reduce("max", a, axes);

/** Matrix product of the last two axes; the others are batches. */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Tensor {
  return node({ kind: "matmul", transposeA, transposeB }, a, b);
}

/** The largest of each group of columns of a product of whole numbers; see `Operation`. */
export const largestIntegerProduct = (a: Tensor, b: Tensor): Tensor => node({ kind: "largestIntegerProduct" }, a, b);

/** One length may be -1: whatever is left over. */
export function reshape(a: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const full = shape.map((length) => (length === -1 ? elementCount(a.shape) / known : length));
  return full.length === a.shape.length && full.every((length, axis) => length === a.shape[axis])
    ? a
    : node({ kind: "reshape", shape: full }, a);
}
/** Axes in another order. */
export const transpose = (a: Tensor, permutation: readonly number[]): Tensor =>
  node({ kind: "transpose", permutation }, a);
/** A part along one axis. */
export const slice = (a: Tensor, axis: number, start: number, end: number): Tensor =>
  node({ kind: "slice", axis, start, end }, a);
/** Zeros put around. */
export const pad = (a: Tensor, axis: number, before: number, after: number): Tensor =>
  node({ kind: "pad", axis, before, after }, a);
/** Joined along one axis. */
export const concat = (tensors: readonly Tensor[], axis: number): Tensor => node({ kind: "concat", axis }, ...tensors);
/** Broadcast to a shape. */
export function expand(a: Tensor, shape: Shape): Tensor {
  return a.shape.join() === shape.join() ? a : node({ kind: "expand", shape }, a);
}

/** 3x3x3 convolution with zero padding 1; see `Operation`. */
export const conv3d = (x: Tensor, weights: Tensor, depth: number, stride: 1 | 2 = 1): Tensor =>
  node({ kind: "conv3d", depth, stride }, x, weights);
/** Each voxel repeated along the spatial axes. */
export const upsample = (x: Tensor, depth: number): Tensor => node({ kind: "upsample", depth }, x);
/** Sums of neighbouring voxels. */
export const sumPool = (x: Tensor, depth: number): Tensor => node({ kind: "sumPool", depth }, x);
/** The largest of neighbouring voxels. */
export const maxPool = (x: Tensor, depth: number): Tensor => node({ kind: "maxPool", depth }, x);

/** Mean and variance of each channel over slices and plane, `[1, C, 1, 1]`; the variance is the biased one (divided by the count). */
export function channelStatistics(x: Tensor): { readonly mean: Tensor; readonly variance: Tensor } {
  const average = mean(x, [0, 2, 3]);
  return { mean: average, variance: subtract(mean(multiply(x, x), [0, 2, 3]), multiply(average, average)) };
}

/** Batch normalisation with the batch's statistics (Ioffe and Szegedy 2015); gamma and beta are `[1, C, 1, 1]`. */
export function batchNorm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon = 1e-5,
  statistics = channelStatistics(x),
): Tensor {
  return node({ kind: "batchNorm", epsilon }, x, gamma, beta, statistics.mean, statistics.variance);
}
