/** How each operation is said in ONNX: one rule an operation, from node to one or more ONNX nodes. */

import type { Operation, Reduction, Shape } from "../operation.js";
import type { Emitter, Lowering } from "./emitter.js";
import { lowerConvolution, lowerInputGradient } from "./lower-convolution.js";
import { lowerFilterGradient } from "./lower-filter-gradient.js";
import { lowerLargestIntegerProduct } from "./lower-integer-product.js";
import { lowerMaxPool, lowerSumPool, lowerUpsample } from "./lower-pooling.js";

const as = (opType: string) => (emitter: Emitter, _: unknown, inputs: readonly string[]) =>
  emitter.emit(opType, inputs);

/** Comparisons yield booleans in ONNX; here 0 and 1 as float32. */
const comparison = (opType: string) => (emitter: Emitter, _: unknown, inputs: readonly string[]) =>
  emitter.emit("Cast", [emitter.emit(opType, inputs)], { to: 1 });

/** Rule of every operation, by its kind. */
export const lowerings: { readonly [K in Operation["kind"]]: Lowering<K> } = {
  input: (_, operation) => operation.name,
  constant: (emitter, operation) => emitter.floats(operation.value, operation.shape, operation.name),
  negate: as("Neg"),
  exp: as("Exp"),
  log: as("Log"),
  sqrt: as("Sqrt"),
  abs: as("Abs"),
  // ONNX Runtime's WebGPU has no Sign.
  sign: (emitter, _, [value]) => emitter.emit("Sub", [isAboveZero(emitter, value), isAboveZero(emitter, value, -1)]),
  step: (emitter, _, [value]) => isAboveZero(emitter, value),
  sigmoid: as("Sigmoid"),
  softplus: lowerSoftplus,
  relu: as("Relu"),
  add: as("Add"),
  subtract: as("Sub"),
  multiply: as("Mul"),
  divide: as("Div"),
  equal: comparison("Equal"),
  greater: comparison("Greater"),
  stopGradient: (_, __, [value]) => value,

  // One run of neighbouring axes at a time, last first: these reductions ONNX Runtime does fast, mixed ones it does not.
  reduce: (emitter, { how, axes }, [value]) =>
    runsOfNeighbours(axes).reduceRight((partial, run) => reduceRun(emitter, how, partial, run), value),

  matmul: (emitter, { transposeA, transposeB }, [a, b], tensor) => {
    if (!transposeA && !transposeB) return emitter.emit("MatMul", [a, b]);
    if (emitter.options.target === "cpu")
      return emitter.emit("FusedMatMul", [a, b], { transA: Number(transposeA), transB: Number(transposeB) });
    const [rankA, rankB] = tensor.inputs.map(({ shape }) => shape.length);
    const flip = (value: string, rank: number): string =>
      emitter.emit("Transpose", [value], { perm: swapLastTwo(rank) });
    return emitter.emit("MatMul", [transposeA ? flip(a, rankA) : a, transposeB ? flip(b, rankB) : b]);
  },

  largestIntegerProduct: lowerLargestIntegerProduct,

  reshape: (emitter, { shape }, [value]) =>
    shape.length === 0 ? emitter.emit("Reshape", [value, emitter.integers([], [0])]) : emitter.reshape(value, shape),
  transpose: (emitter, { permutation }, [value], { inputs: [{ shape }] }) => {
    const cell = emitter.options.target === "cpu" ? cellToDepth(shape, permutation) : undefined;
    if (cell === undefined) return emitter.emit("Transpose", [value], { perm: permutation });
    const [, depth, , height, , width] = shape;
    const planes = emitter.reshape(value, [-1, 1, height * cell, width * cell]);
    const channels = emitter.emit("SpaceToDepth", [planes], { blocksize: cell });
    return emitter.reshape(channels, [-1, depth, cell, cell, cell, height, width]);
  },
  slice: (emitter, { axis, start, end }, [value]) =>
    emitter.emit("Slice", [value, emitter.integers([start]), emitter.integers([end]), emitter.integers([axis])]),
  pad: (emitter, { axis, before, after }, [value], tensor) => {
    const rank = tensor.shape.length;
    const amounts = new Array<number>(2 * rank).fill(0);
    amounts[axis] = before;
    amounts[rank + axis] = after;
    return emitter.emit("Pad", [value, emitter.integers(amounts)]);
  },
  concat: (emitter, { axis }, inputs) => emitter.emit("Concat", inputs, { axis }),
  expand: (emitter, { shape }, [value]) => emitter.emit("Expand", [value, emitter.integers(shape)]),

  batchNorm: (emitter, { epsilon }, [x, gamma, beta, mean, variance]) => {
    const deviation = emitter.emit("Sqrt", [
      emitter.emit("Add", [variance, emitter.floats(Float32Array.of(epsilon), [])]),
    ]);
    const scale = emitter.emit("Div", [gamma, deviation]);
    const shift = emitter.emit("Sub", [beta, emitter.emit("Mul", [mean, scale])]);
    return emitter.emit("Add", [emitter.emit("Mul", [x, scale]), shift]);
  },

  conv3d: lowerConvolution,
  conv3dInputGradient: lowerInputGradient,
  conv3dFilterGradient: lowerFilterGradient,
  upsample: lowerUpsample,
  sumPool: lowerSumPool,
  maxPool: lowerMaxPool,
};

/** 1 where `direction` times the value is above 0, else 0. min(1, max(0, x * huge)): one vectorised pass, where Greater needs a Cast. */
function isAboveZero(emitter: Emitter, value: string, direction: 1 | -1 = 1): string {
  return emitter.emit("HardSigmoid", [value], { alpha: { float: direction * 3e38 }, beta: { float: 0 } });
}

/** log(1 + exp(x)) = max(0, x) + log(1 + exp(-|x|)): vectorised passes, which ONNX Runtime's Softplus is not, four times as slow. */
function lowerSoftplus(emitter: Emitter, _: unknown, [value]: readonly string[]): string {
  if (emitter.options.target !== "cpu") return emitter.emit("Softplus", [value]);
  const decay = emitter.emit("Exp", [emitter.emit("Neg", [emitter.emit("Abs", [value])])]);
  const one = emitter.once("one", () => emitter.floats(Float32Array.of(1), []));
  const rest = emitter.emit("Log", [emitter.emit("Add", [decay, one])]);
  return emitter.emit("Add", [emitter.emit("Relu", [value]), rest]);
}

/** The edge of cells `[N, D, cell, H, cell, W, cell]` that a transpose turns into channels, which ONNX Runtime has a fast operator for. */
function cellToDepth(shape: Shape, permutation: readonly number[]): number | undefined {
  if (permutation.join() !== "0,1,2,4,6,3,5") return undefined;
  const [, , cell, , ...others] = shape;
  return cell > 1 && others[0] === cell && others[2] === cell ? cell : undefined;
}

function runsOfNeighbours(axes: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const axis of axes) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1) === axis - 1) last.push(axis);
    else runs.push([axis]);
  }
  return runs;
}

/** A reduction over neighbouring axes, which stay with length 1. */
function reduceRun(emitter: Emitter, how: Reduction, value: string, axes: readonly number[]): string {
  // Opset 17: ReduceSum takes its axes as an input, the others as an attribute.
  return how === "sum"
    ? emitter.emit("ReduceSum", [value, emitter.integers(axes)], { keepdims: 1 })
    : emitter.emit(how === "mean" ? "ReduceMean" : "ReduceMax", [value], { axes, keepdims: 1 });
}

function swapLastTwo(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : rank - 2 + (rank - 1 - axis)));
}
