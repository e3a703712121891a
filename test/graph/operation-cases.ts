/** The graph's side of `test/fixtures/generate/operations.py`: the same cases by the same names. */
import { type Operation, op, type Tensor } from "../../src/graph/index.js";
import { node } from "../../src/graph/tensor.js";
import {
  binaryCrossEntropy,
  diceLoss,
  episodeCrossEntropy,
  pairCrossEntropy,
  symmetricCrossEntropy,
} from "../../src/model/losses.js";

export type Build = (inputs: readonly Tensor[]) => Tensor;

const unary =
  (make: (a: Tensor) => Tensor): Build =>
  ([a]) =>
    make(a!);
const binary =
  (make: (a: Tensor, b: Tensor) => Tensor): Build =>
  ([a, b]) =>
    make(a!, b!);

/** Losses keep reduced axes with length 1; PyTorch's are scalars. */
const single =
  (build: Build): Build =>
  (inputs) =>
    op.reshape(build(inputs), []);

const reductions = (how: "sum" | "mean" | "max"): Record<string, Build> => ({
  [`${how} all`]: unary((a) => op.reduce(how, a)),
  [`${how} axis 1`]: unary((a) => op.reduce(how, a, [1])),
  [`${how} axes 0 2 3`]: unary((a) => op.reduce(how, a, [3, 0, 2])),
  [`${how} axes 1 3`]: unary((a) => op.reduce(how, a, [1, 3])),
});

const product = (transposeA: boolean, transposeB: boolean): Build =>
  binary((a, b) => op.matmul(a, b, { transposeA, transposeB }));

const convolution = (
  kind: "conv3d" | "conv3dInputGradient" | "conv3dFilterGradient",
  depth: number,
  stride: 1 | 2 = 1,
): Build => binary((a, b) => node({ kind, depth, stride }, a, b));

export const operationCases: Readonly<Record<string, Readonly<Record<string, Build>>>> = {
  elementwise: {
    negate: unary(op.negate),
    exp: unary(op.exp),
    log: unary(op.log),
    sqrt: unary(op.sqrt),
    abs: unary(op.abs),
    "abs at zero": unary(op.abs),
    sign: unary(op.sign),
    step: unary(op.step),
    "step near zero": unary(op.step),
    sigmoid: unary(op.sigmoid),
    relu: unary(op.relu),
    "relu at zero": unary(op.relu),
    softplus: unary(op.softplus),
    "softplus of large values": unary(op.softplus),
    add: binary(op.add),
    "add broadcast rows": binary(op.add),
    "add broadcast rank": binary(op.add),
    "add broadcast both": binary(op.add),
    "add to itself": unary((a) => op.add(a, a)),
    subtract: binary(op.subtract),
    "subtract broadcast": binary(op.subtract),
    multiply: binary(op.multiply),
    "multiply broadcast": binary(op.multiply),
    "multiply by scalar": binary(op.multiply),
    "multiply by itself": unary((a) => op.multiply(a, a)),
    divide: binary(op.divide),
    "divide broadcast": binary(op.divide),
    equal: binary(op.equal),
    greater: binary(op.greater),
    stopGradient: binary((a, b) => op.multiply(op.stopGradient(a), b)),
  },
  reduce: {
    ...reductions("sum"),
    ...reductions("mean"),
    ...reductions("max"),
    "max of ties": unary((a) => op.max(a, [1])),
  },
  matmul: {
    plain: product(false, false),
    transposeA: product(true, false),
    transposeB: product(false, true),
    "transposeA transposeB": product(true, true),
    batched: product(false, false),
    "batched transposeA": product(true, false),
    "batched transposeB": product(false, true),
    "batched transposeA transposeB": product(true, true),
    "matrix times batch": product(false, false),
    "batch times matrix": product(false, false),
    "broadcast batches": product(false, false),
  },
  shape: {
    reshape: unary((a) => op.reshape(a, [3, 4])),
    "reshape to scalar": unary((a) => op.reshape(a, [])),
    "reshape inferred": unary((a) => op.reshape(a, [-1, 2])),
    "transpose swap": unary((a) => op.transpose(a, [1, 0])),
    "transpose cycle": unary((a) => op.transpose(a, [2, 0, 1, 3])),
    "slice start": unary((a) => op.slice(a, 1, 0, 2)),
    "slice middle": unary((a) => op.slice(a, 0, 1, 3)),
    "slice end": unary((a) => op.slice(a, 2, 1, 3)),
    "pad first axis": unary((a) => op.pad(a, 0, 2, 1)),
    "pad last axis": unary((a) => op.pad(a, 1, 1, 0)),
    "concat rows": (inputs) => op.concat(inputs, 0),
    "concat three": (inputs) => op.concat(inputs, 1),
    "concat with itself": unary((a) => op.concat([a, op.multiply(a, 2)], 1)),
    expand: unary((a) => op.expand(a, [2, 3, 4])),
  },
  convolution: {
    conv3d: convolution("conv3d", 4),
    "conv3d uneven edges": convolution("conv3d", 2),
    "conv3d single slice": convolution("conv3d", 1),
    "conv3d stride 2": convolution("conv3d", 4, 2),
    "conv3d stride 2 depth 2": convolution("conv3d", 2, 2),
    conv3dInputGradient: convolution("conv3dInputGradient", 2),
    "conv3dInputGradient stride 2": convolution("conv3dInputGradient", 4, 2),
    conv3dFilterGradient: convolution("conv3dFilterGradient", 2),
    "conv3dFilterGradient stride 2": convolution("conv3dFilterGradient", 4, 2),
  },
  pooling: {
    upsample: unary((x) => op.upsample(x, 2)),
    "upsample single slice": unary((x) => op.upsample(x, 1)),
    sumPool: unary((x) => op.sumPool(x, 4)),
    "sumPool depth 2": unary((x) => op.sumPool(x, 2)),
    maxPool: unary((x) => op.maxPool(x, 4)),
    "maxPool of ties": unary((x) => op.maxPool(x, 2)),
  },
  "batch-norm": {
    batchNorm: ([x, gamma, beta]) => op.batchNorm(x!, gamma!, beta!),
    "batchNorm of rows": ([x, gamma, beta]) => op.batchNorm(x!, gamma!, beta!),
  },
  losses: {
    dice: single(binary(diceLoss)),
    "binary cross-entropy": single(binary((logits, truth) => binaryCrossEntropy(logits, truth))),
    "binary cross-entropy weighted": single(binary((logits, truth) => binaryCrossEntropy(logits, truth, 3))),
    "pair cross-entropy": single(unary((scores) => pairCrossEntropy(scores, 0.25))),
    "episode cross-entropy": single(unary(episodeCrossEntropy)),
    "symmetric cross-entropy": single(unary(symmetricCrossEntropy)),
    "symmetric cross-entropy of large logits": single(unary(symmetricCrossEntropy)),
  },
};

/**
 * Cases where a central difference is not the gradient: kinks, ties of more than two values, a stopped gradient; and
 * logits so large that float32 cannot resolve a step of 1e-2 in the loss.
 */
export const withoutDifferences: ReadonlySet<string> = new Set([
  "relu at zero",
  "step near zero",
  "max of ties",
  "maxPool of ties",
  "stopGradient",
  "symmetric cross-entropy of large logits",
  "softplus of large values",
]);

/** Kinds that are the leaves of a graph: there is nothing to differentiate. */
export const leaves: ReadonlySet<Operation["kind"]> = new Set(["input", "constant"]);

/** Kinds of inference alone, that no gradient flows through: `integer-product.test.ts`. */
export const ofInference: ReadonlySet<Operation["kind"]> = new Set(["largestIntegerProduct"]);
