/**
 * Training graphs in ONNX Runtime's blocked channel layout from convolution to convolution: norms, gates and what adds them up are
 * sums of convolutions there (`blocked-sum.ts`), and reshaping between slices `[N * depth, C, H, W]` and volumes
 * `[N, depth, C, H W]` moves nothing. What has no rule here goes through the plain layout.
 */
import type { Operation, Shape } from "../operation.js";
import { elementCount } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sumPool, upsample } from "./blocked-layout.js";
import {
  isGate,
  isOfChannels,
  isOfSlices,
  isOfVolumes,
  isOuterProduct,
  isProduct,
  isRepeated,
  isScaling,
} from "./blocked-patterns.js";
import { emptySum, makeSum, ones, repeatForSlices, type Sum } from "./blocked-sum.js";
import { asPlain, markBlocked, reorderInput } from "./blocked-values.js";
import type { Blocks, Emitter, Lowering } from "./emitter.js";
import { lowerConvolution, lowerInputGradient } from "./lower-convolution.js";
import { lowerFilterGradient } from "./lower-filter-gradient.js";
import { lowerings } from "./lowering.js";
import { onlyUserOf } from "./users.js";

/** Which values of a graph are made in the blocked layout. */
export interface TrainingLayout {
  /** The name of a tensor's value if there is a rule for it; else undefined. */
  lower(tensor: Tensor): string | undefined;
  /** Whether a tensor is made only when it is asked for, since its user may make it as a part of its own value. */
  isPart(tensor: Tensor): boolean;
}

/** Operations on each value by itself, but ReLU, which ends a sum. */
const ELEMENTWISE: readonly string[] = ["negate", "exp", "log", "sqrt", "abs", "sign", "step", "sigmoid", "softplus"];
const BINARY: readonly string[] = ["add", "subtract", "multiply", "divide"];

/** What rules need of the graph around a tensor. */
interface Context {
  readonly emitter: Emitter;
  readonly block: number;
  readonly nameOf: (tensor: Tensor) => string;
  readonly plainOf: (tensor: Tensor) => string;
  /** What a tensor holds if its value is blocked, or will be once it is asked for. */
  readonly blocksOf: (tensor: Tensor) => Blocks | undefined;
  readonly asBlocked: (tensor: Tensor, blocks: Blocks) => string;
  /** What a tensor sums, and the sums that nobody else uses in it. */
  readonly collect: (tensor: Tensor, blocks: Blocks) => Sum;
}

/**
 * @param order every tensor of the graph, inputs before users
 * @param nameOf the name of a tensor's value, blocked or plain, once it is lowered
 */
export function createTrainingLayout(
  emitter: Emitter,
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  block: number,
  nameOf: (tensor: Tensor) => string,
): TrainingLayout {
  const onlyUser = onlyUserOf(order, outputs);
  const plainOf = (tensor: Tensor): string => asPlain(emitter, nameOf(tensor), tensor.shape);
  const isSpread = (tensor: Tensor): boolean => isGate(tensor) || isOuterProduct(tensor);
  const isPart = (tensor: Tensor): boolean => {
    const { kind } = tensor.operation;
    if (kind === "reshape" || kind === "expand" || isSpread(tensor)) return true;
    const user = onlyUser(tensor)?.operation.kind ?? "";
    if (user === "reduce" && isProduct(tensor)) return true;
    const isSummed = kind === "batchNorm" || kind === "add" || isScaling(tensor);
    return isSummed && tensor.shape.length === 4 && ["add", "relu", "reshape"].includes(user);
  };

  const blocksOf = (tensor: Tensor): Blocks | undefined => {
    if (!isPart(tensor)) return emitter.blocked.get(nameOf(tensor));
    if (isSpread(tensor) || tensor.operation.kind === "expand") return undefined;
    const alike = tensor.inputs.filter(({ shape }) => elementCount(shape) === elementCount(tensor.shape));
    return alike.map(blocksOf).find((blocks) => blocks);
  };

  /** Whether a tensor is spread over channels, by convolutions whose groups are slices, which are taken alone or in whole blocks. */
  const canSpread = (tensor: Tensor, { slices }: Blocks): boolean =>
    (slices < block || slices % block === 0) &&
    (isSpread(tensor) || (tensor.operation.kind === "reshape" && isSpread(tensor.inputs[0])));
  const spread = new Map<Tensor, string>();
  const asBlocked = (tensor: Tensor, blocks: Blocks): string => {
    if (canSpread(tensor, blocks)) {
      const made = spread.get(tensor) ?? makeSum(emitter, collect(tensor, blocks), blocks, false);
      spread.set(tensor, made);
      return made;
    }
    const name = nameOf(tensor);
    if (emitter.blocked.has(name)) return name;
    return emitter.once(`kept ${name}`, () => {
      const isSlices = tensor.shape.length === 4 && isOfSlices(tensor, blocks);
      const shape = isSlices ? tensor.shape : [blocks.slices, blocks.channels, 1, blocks.plane];
      const value = isSlices ? name : emitter.emit("Reshape", [name, emitter.integers(shape)]);
      return markBlocked(emitter, reorderInput(emitter, value, shape), blocks);
    });
  };

  const collect = (tensor: Tensor, blocks: Blocks): Sum => {
    const sum = emptySum();
    const collectPart = (input: Tensor): void => {
      const isOwn = onlyUser(input) !== undefined || input.operation.kind === "reshape" || canSpread(input, blocks);
      if (isOfChannels(input, blocks)) sum.shifts.push(flatten(context, input));
      else if (isPart(input) && isOwn) visit(input);
      else sum.added.push(asBlocked(input, blocks));
    };
    const visit = (part: Tensor): void => {
      const { kind } = part.operation;
      if (kind === "reshape" || (kind === "add" && !isGate(part))) part.inputs.forEach(collectPart);
      else if (!isSpread(part) || canSpread(part, blocks)) collectTerm(context, part, blocks, sum);
      else sum.added.push(asBlocked(part, blocks));
    };
    visit(tensor);
    return sum;
  };

  const context: Context = { emitter, block, nameOf, plainOf, blocksOf, asBlocked, collect };
  return { isPart, lower: (tensor) => lower(context, tensor, (part) => isPart(part) && onlyUser(part) !== undefined) };
}

const flatten = ({ emitter, plainOf }: Context, tensor: Tensor): string =>
  emitter.emit("Reshape", [plainOf(tensor), emitter.integers([elementCount(tensor.shape)])]);

/** What a tensor that is no sum adds to one. */
function collectTerm(context: Context, tensor: Tensor, blocks: Blocks, sum: Sum): void {
  const { emitter, plainOf, asBlocked } = context;
  const { operation, inputs } = tensor;
  const [first, second] = inputs;
  if (isGate(tensor)) {
    const [ofVolume, ofVoxel] = first.shape[1] === 1 ? [first, second] : [second, first];
    sum.spread.push({ image: plainOf(ofVoxel), scale: ones(emitter, blocks.slices * blocks.channels) });
    sum.sliceShifts.push(repeatForSlices(emitter, plainOf(ofVolume), ofVolume.shape[0], blocks));
  } else if (isOuterProduct(tensor)) {
    const isShared = elementCount(first.shape) === blocks.channels;
    const scale = isShared ? repeatForSlices(emitter, plainOf(first), 1, blocks) : flatten(context, first);
    sum.spread.push({ image: plainOf(second), scale });
  } else if (isRepeated(tensor, blocks)) {
    sum.sliceShifts.push(repeatForSlices(emitter, plainOf(first), first.shape[0], blocks));
  } else if (operation.kind === "batchNorm") {
    const { scale, shift } = normOf(context, tensor, operation.epsilon);
    sum.scaled.push({ x: asBlocked(first, blocks), scale });
    sum.shifts.push(shift);
  } else if (isScaling(tensor)) {
    const [x, scale] = isOfChannels(second, blocks) ? [first, second] : [second, first];
    sum.scaled.push({ x: asBlocked(x, blocks), scale: flatten(context, scale) });
  } else sum.added.push(asBlocked(tensor, blocks));
}

/** Scale and shift of each channel by a norm. */
function normOf(context: Context, { inputs }: Tensor, epsilon: number): { scale: string; shift: string } {
  const { emit, floats } = context.emitter;
  const [gamma, beta, mean, variance] = inputs.slice(1).map((input) => flatten(context, input));
  const deviation = emit("Sqrt", [emit("Add", [variance, floats(Float32Array.of(epsilon), [])])]);
  const scale = emit("Div", [gamma, deviation]);
  return { scale, shift: emit("Sub", [beta, emit("Mul", [mean, scale])]) };
}

function lower(context: Context, tensor: Tensor, isOwnPart: (tensor: Tensor) => boolean): string | undefined {
  const { emitter, nameOf, blocksOf } = context;
  const { operation, inputs } = tensor;
  switch (operation.kind) {
    case "conv3d":
      return lowerConvolution(emitter, operation, inputs.map(nameOf), tensor);
    case "conv3dInputGradient":
      return lowerInputGradient(emitter, operation, inputs.map(nameOf), tensor);
    case "conv3dFilterGradient":
      return lowerFilterGradient(emitter, operation, inputs.map(nameOf), tensor);
    case "matmul":
      return multiplyMatrices(context, tensor);
    case "stopGradient":
    case "reshape":
      return emitter.blocked.has(nameOf(inputs[0])) ? nameOf(inputs[0]) : undefined;
  }
  const blocks = inputs.map(blocksOf).find((found) => found);
  if (blocks === undefined) return undefined;
  if (operation.kind === "reduce") return reduce(context, tensor, blocks, isOwnPart);
  if (operation.kind === "upsample" || operation.kind === "sumPool") return resample(context, tensor, blocks);
  const isWhole = elementCount(tensor.shape) === blocks.slices * blocks.channels * blocks.plane;
  if (!isWhole || !(isOfSlices(tensor, blocks) || isOfVolumes(tensor, blocks))) return undefined;
  return lowerElementwise(context, tensor, blocks, isOwnPart);
}

function lowerElementwise(
  { emitter, nameOf, asBlocked, collect }: Context,
  tensor: Tensor,
  blocks: Blocks,
  isOwnPart: (tensor: Tensor) => boolean,
): string | undefined {
  const { operation, inputs, shape } = tensor;
  const plainRule = (names: readonly string[]): string => {
    // The table is keyed by kind, so the rule's operation type is the tensor's; TypeScript cannot correlate the two.
    const rule = lowerings[operation.kind] as Lowering<Operation["kind"]>;
    return markBlocked(emitter, rule(emitter, operation, names, tensor), blocks);
  };
  if (operation.kind === "relu") {
    const [x] = inputs;
    const sum = isOwnPart(x) ? collect(x, blocks) : { ...emptySum(), added: [asBlocked(x, blocks)] };
    return makeSum(emitter, sum, blocks, true);
  }
  if (ELEMENTWISE.includes(operation.kind)) return plainRule([asBlocked(inputs[0], blocks)]);
  const isLike = (input: Tensor): boolean => input.shape.join() === shape.join();
  const isScalar = (input: Tensor): boolean => input.shape.length === 0;
  const isShifting = operation.kind === "add" && inputs.every((input) => isLike(input) || isOfChannels(input, blocks));
  if (operation.kind === "batchNorm" || isShifting || isScaling(tensor))
    return makeSum(emitter, collect(tensor, blocks), blocks, false);
  if (!BINARY.includes(operation.kind) || !inputs.every((input) => isLike(input) || isScalar(input))) return undefined;
  return plainRule(inputs.map((input) => (isScalar(input) ? nameOf(input) : asBlocked(input, blocks))));
}

function resample({ emitter, asBlocked }: Context, tensor: Tensor, blocks: Blocks): string | undefined {
  const { operation, inputs, shape } = tensor;
  if (!isOfSlices(inputs[0], blocks)) return undefined;
  const x = emitter.emit("Reshape", [asBlocked(inputs[0], blocks), emitter.integers(inputs[0].shape)]);
  const made =
    operation.kind === "upsample" ? upsample(emitter, x, operation.depth, shape) : sumPool(emitter, x, shape);
  return markBlocked(emitter, made, { slices: shape[0], channels: shape[1], plane: shape[2] * shape[3] });
}

/** Reductions to a value of each channel, of each channel of each volume, or of each voxel. */
function reduce(
  context: Context,
  tensor: Tensor,
  blocks: Blocks,
  isOwnPart: (tensor: Tensor) => boolean,
): string | undefined {
  const { emitter, block, asBlocked } = context;
  const { operation, inputs, shape } = tensor;
  if (operation.kind !== "reduce") return undefined;
  const [x] = inputs;
  const along = (name: string, axis: number): string =>
    operation.how === "sum"
      ? emitter.emit("ReduceSum", [name, emitter.integers([axis])], { keepdims: 1 })
      : emitter.emit(operation.how === "mean" ? "ReduceMean" : "ReduceMax", [name], { axes: [axis], keepdims: 1 });
  const reshape = (name: string, to: Shape): string => emitter.emit("Reshape", [name, emitter.integers(to)]);
  const values = () => splitBlocks(emitter, asBlocked(x, blocks), blocks, block);
  const axes = operation.axes.join();
  const isSum = axes === "0,2,3" && isOfSlices(x, blocks);
  if (isSum && isOwnPart(x) && isProduct(x) && operation.how !== "max") {
    const sums = reshape(sumProducts(context, x, blocks), [blocks.slices, blocks.channels]);
    const total = emitter.emit("ReduceSum", [sums, emitter.integers([0])], { keepdims: 1 });
    const weight = operation.how === "sum" ? 1 : 1 / (blocks.slices * blocks.plane);
    return reshape(emitter.emit("Mul", [total, emitter.floats(Float32Array.of(weight), [])]), shape);
  }
  if (isSum) return reshape(along(along(values(), 2), 0), shape);
  if (!isOfVolumes(x, blocks)) return undefined;
  const [volumes, depth, channels] = x.shape;
  if (axes === "1,3") return reshape(along(reshape(along(values(), 2), [volumes, depth, channels]), 1), shape);
  if (axes === "2") return reshape(along(channels === block ? values() : along(values(), 1), 3), shape);
  return undefined;
}

/** Sums over the voxels of each slice and channel of products, which are not written: convolutions as large as a slice, `[1, M C, 1, 1]`. */
function sumProducts({ emitter, asBlocked }: Context, product: Tensor, blocks: Blocks): string {
  const { slices, channels, plane } = blocks;
  const [a, b] = product.inputs.map((input) => asBlocked(input, blocks));
  const image = emitter.emit("Reshape", [a, emitter.integers([1, slices * channels, 1, plane])]);
  const kernel = emitter.emit("Reshape", [b, emitter.integers([slices * channels, 1, 1, plane])]);
  return emitter.emit("BlockedConv", [image, kernel], {
    ...{ kernel_shape: [1, plane], pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1] },
    ...{ group: slices * channels, auto_pad: "NOTSET" },
  });
}

/** `[M, C / block, H W, block]` */
function splitBlocks(emitter: Emitter, name: string, { slices, channels, plane }: Blocks, block: number): string {
  return emitter.emit("Reshape", [name, emitter.integers([slices, channels / block, plane, block])]);
}

/** Products of slices `[M, C, H W]` and a matrix, or an image of each slice. */
function multiplyMatrices(context: Context, tensor: Tensor): string | undefined {
  const { emitter, block, plainOf, blocksOf, asBlocked } = context;
  const { operation, inputs, shape } = tensor;
  if (operation.kind !== "matmul") return undefined;
  const [a, b] = inputs;
  const { transposeA, transposeB } = operation;
  const [left, right] = [blocksOf(a), blocksOf(b)];
  if (right && a.shape.length === 2 && !transposeB && isOfSlices(b, right)) return mixChannels(context, tensor, right);
  const weighSlices = (slices: Tensor, image: Tensor, blocks: Blocks): string => {
    const row = emitter.emit("Reshape", [plainOf(image), emitter.integers([blocks.slices, 1, 1, blocks.plane])]);
    const sums = emitter.emit("MatMul", [row, splitBlocks(emitter, asBlocked(slices, blocks), blocks, block)]);
    return emitter.emit("Reshape", [sums, emitter.integers(shape)]);
  };
  if (right && !left && a.shape[1] === 1 && !transposeA && transposeB && isOfSlices(b, right))
    return weighSlices(b, a, right);
  if (left && !right && shape[2] === 1 && !transposeA && !transposeB && isOfSlices(a, left))
    return weighSlices(a, b, left);
  return undefined;
}

/** A matrix `[R, C]`, or its transpose, times slices `[M, C, H W]`: a 1x1 convolution. */
function mixChannels({ emitter, block, plainOf, asBlocked }: Context, tensor: Tensor, blocks: Blocks): string {
  const { operation, inputs, shape } = tensor;
  const [matrix, slices] = inputs;
  const { channels } = blocks;
  const rows = shape[1];
  const full = Math.ceil(rows / block) * block;
  const isTransposed = operation.kind === "matmul" && operation.transposeA;
  const upright = isTransposed ? emitter.emit("Transpose", [plainOf(matrix)], { perm: [1, 0] }) : plainOf(matrix);
  const filled = full === rows ? upright : emitter.emit("Pad", [upright, emitter.integers([0, 0, full - rows, 0])]);
  const split = emitter.integers([full / block, block, channels / block, block]);
  const turned = emitter.emit("Transpose", [emitter.emit("Reshape", [filled, split])], { perm: [0, 2, 3, 1] });
  const kernel = emitter.emit("Reshape", [turned, emitter.integers([full, channels, 1, 1])]);
  const mixed = emitter.emit("BlockedConv", [asBlocked(slices, blocks), kernel], {
    ...{ kernel_shape: [1, 1], pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1], group: 1, auto_pad: "NOTSET" },
  });
  if (full === rows) return markBlocked(emitter, mixed, { ...blocks, channels: rows });
  const plain = emitter.emit("ReorderOutput", [mixed], { channels: rows });
  return emitter.emit("Reshape", [plain, emitter.integers(shape)]);
}
