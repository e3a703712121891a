/**
 * Which values of a network with constant weights are kept in 8 bits, and how each comes about. What is read by a convolution is, and
 * what follows from it by the few operations that a network is made of; all else stays in float32.
 */
import type { Tensor } from "../../tensor.js";
import { type FusedConvolution, fuseConvolutions, isConstant } from "../fused-convolutions.js";
import { onlyUserOf } from "../users.js";

/** How a value in 8 bits comes about. `name` is that of its range. */
export type QuantisedStep =
  | (FusedConvolution & { readonly kind: "convolution"; readonly name: string })
  /** Weights `[O, C]` times the channels of each voxel, and a bias. */
  | {
      readonly kind: "pointwise";
      readonly name: string;
      readonly input: Tensor;
      readonly weights: FusedConvolution["weights"];
      readonly bias: Float32Array;
    }
  /** The sum of two values in 8 bits. */
  | { readonly kind: "add"; readonly name: string }
  /** A value times the sum of two sigmoids, one for each channel and one for each voxel. */
  | {
      readonly kind: "gate";
      readonly name: string;
      readonly input: Tensor;
      readonly channelGate: Tensor;
      readonly voxelGate: VoxelGate;
    }
  | { readonly kind: "upsample"; readonly depth: number }
  /** Sums over cells of 2x2x2. */
  | { readonly kind: "sumPool"; readonly depth: number }
  /** The same whole numbers, each worth `factor` times as much. */
  | { readonly kind: "scale"; readonly factor: number }
  /** The same values by another shape. */
  | { readonly kind: "view" };

/** The sigmoid of a weighted sum over the channels of each voxel of `input` `[M, C, V]`; `name` is that of the sums' range. */
export interface VoxelGate {
  readonly name: string;
  readonly input: Tensor;
  readonly weights: FusedConvolution["weights"];
  readonly bias: number;
}

/** A value in 8 bits: how it comes about, and which of its axes is the channels. */
interface QuantisedValue {
  readonly step: QuantisedStep;
  readonly axis: number;
}

export interface QuantisationPlan {
  readonly values: ReadonlyMap<Tensor, QuantisedValue>;
  /** Tensors that nobody asks for but the step that they are a part of. */
  readonly parts: ReadonlySet<Tensor>;
  /** Tensors whose ranges are to be known, by the names of the ranges. */
  readonly measured: ReadonlyMap<string, Tensor>;
}

/** Channels that ONNX Runtime's convolution in 8 bits takes at a time. */
const CHANNEL_MULTIPLE = 4;
/** Matrix products with fewer rows than this are not worth it. */
const FEWEST_OUTPUTS = 8;

/** @param order every tensor of the graph, inputs before users */
export function planQuantisation(order: readonly Tensor[], outputs: readonly Tensor[]): QuantisationPlan {
  const { fused, parts } = fuseConvolutions(order, outputs, ({ weights }) => fits(weights.shape));
  const onlyUser = onlyUserOf(order, outputs);
  const values = new Map<Tensor, QuantisedValue>();
  const measured = new Map<string, Tensor>();
  const names = new Map<Tensor, string>();
  const set = (tensor: Tensor, axis: number, step: QuantisedStep): void => {
    values.set(tensor, { step, axis });
    const name = "name" in step ? step.name : names.get(tensor.inputs[0]);
    if (name !== undefined) names.set(tensor, name);
    if ("name" in step) measured.set(step.name, tensor);
  };
  const planConvolution = (tensor: Tensor, convolution: FusedConvolution): void => {
    const { input, weights, shifted, added } = convolution;
    const name = weights.operation.name ?? `convolution ${measured.size}`;
    if (!values.has(input)) measured.set(`${name} input`, input);
    if (added) measured.set(`${name} shift`, shifted);
    if (added && !values.has(added)) measured.set(`${name} added`, added);
    set(tensor, 1, { ...convolution, kind: "convolution", name });
  };
  const planPointwise = (product: Tensor): void => {
    const [weights, view] = product.inputs;
    const input = values.get(view)?.step.kind === "view" ? view.inputs[0] : undefined;
    if (
      !input ||
      view.shape.length !== 3 ||
      input.shape.length !== 4 ||
      !isConstant(weights) ||
      weights.shape.length !== 2 ||
      !fits(weights.shape)
    )
      return;
    const reshaped = onlyUser(product);
    const sum = reshaped && onlyUser(reshaped);
    const shift = sum?.operation.kind === "add" ? sum.inputs[1] : undefined;
    if (reshaped?.operation.kind !== "reshape" || !sum || !shift || !isConstant(shift)) return;
    if (shift.shape.join() !== `1,${weights.shape[0]},1,1` || sum.shape.length !== 4) return;
    const name = weights.operation.name ?? `product ${measured.size}`;
    for (const part of [product, reshaped]) parts.add(part);
    set(sum, 1, { kind: "pointwise", name, input, weights, bias: shift.operation.value });
  };
  /** `[N, D, C, V]` times the sum of gates `[N, 1, C, 1]` and `[N, D, 1, V]`. */
  const planGate = (tensor: Tensor, axis: number, name: string): void => {
    const [input, sum] = tensor.inputs;
    const [volumes, depth, channels, plane] = input.shape;
    if (sum.operation.kind !== "add" || axis !== 2 || input.shape.length !== 4 || onlyUser(sum) !== tensor) return;
    const [channelGate, byVoxel] = sum.inputs;
    const voxel = voxelGateOf(byVoxel, onlyUser);
    const channel = channelGateParts(channelGate);
    if (!voxel || !values.has(voxel.gate.input) || !channel || !isSigmoid(channelGate)) return;
    if (
      channelGate.shape.join() !== `${volumes},1,${channels},1` ||
      byVoxel.shape.join() !== `${volumes},${depth},1,${plane}`
    )
      return;
    for (const part of [sum, byVoxel, ...voxel.parts, ...channel]) parts.add(part);
    measured.set(voxel.gate.name, voxel.sums);
    set(tensor, axis, { kind: "gate", name, input, channelGate, voxelGate: voxel.gate });
  };
  /** What a gate of each channel is made of, from means over the voxels of a value in 8 bits on, if nothing else is made of that. */
  const channelGateParts = (tensor: Tensor): Tensor[] | undefined => {
    if (!onlyUser(tensor)) return undefined;
    const [first, ...others] = tensor.inputs;
    if (!first || others.some((other) => !isConstant(other))) return undefined;
    const mean = tensor.operation.kind === "reduce" && tensor.operation.how === "mean" ? values.get(first) : undefined;
    if (mean) return isOverVoxels(tensor, mean.axis) ? [tensor] : undefined;
    const before = channelGateParts(first);
    return before && [...before, tensor];
  };
  for (const tensor of order) {
    if (parts.has(tensor) || values.has(tensor)) continue;
    const convolution = fused.get(tensor);
    if (convolution) {
      planConvolution(tensor, convolution);
      continue;
    }
    const { operation, inputs, shape } = tensor;
    const first = inputs.length > 0 ? values.get(inputs[0]) : undefined;
    if (operation.kind === "matmul" && !operation.transposeA && !operation.transposeB) planPointwise(tensor);
    if (!first) continue;
    const name = names.get(inputs[0]);
    if (operation.kind === "reshape") {
      const axis = channelAxis(inputs[0].shape, first.axis, shape);
      if (axis !== undefined) set(tensor, axis, { kind: "view" });
    } else if (operation.kind === "upsample" || operation.kind === "sumPool")
      set(tensor, 1, { kind: operation.kind, depth: operation.depth });
    else if (operation.kind === "add" && inputs.every((one) => values.has(one) && one.shape.join() === shape.join()))
      set(tensor, 1, { kind: "add", name: `${name} + ${names.get(inputs[1])}` });
    else if (operation.kind === "multiply" && isScalar(inputs[1]))
      set(tensor, first.axis, { kind: "scale", factor: inputs[1].operation.value[0] });
    else if (operation.kind === "multiply") planGate(tensor, first.axis, `${name} gated`);
  }
  return { values, parts, measured };
}

/** Whether a tensor is the mean or the largest value over all voxels of each volume, whose channels are an axis of what it is made of. */
export function isOverVoxels({ operation, inputs: [input], shape }: Tensor, channelAxis: number): boolean {
  if (operation.kind !== "reduce" || operation.how === "sum") return false;
  return shape.every((length, axis) => length === (axis === 0 || axis === channelAxis ? input.shape[axis] : 1));
}

const isScalar = (tensor: Tensor): tensor is FusedConvolution["weights"] =>
  isConstant(tensor) && tensor.shape.length === 0 && tensor.operation.value[0] > 0;

/** Weights `[O, C, ...]` that the operators in 8 bits take. */
function fits([outputs, channels]: readonly number[]): boolean {
  return outputs >= FEWEST_OUTPUTS && outputs % CHANNEL_MULTIPLE === 0 && (3 * channels) % CHANNEL_MULTIPLE === 0;
}

/** Where the channels of `from` are in `to`: as many, and as many values after them. */
function channelAxis(from: readonly number[], axis: number, to: readonly number[]): number | undefined {
  const after = (shape: readonly number[], at: number) => shape.slice(at + 1).reduce((product, n) => product * n, 1);
  const found = to.findIndex((length, at) => length === from[axis] && after(to, at) === after(from, axis));
  return found === -1 ? undefined : found;
}

const isSigmoid = ({ operation, inputs }: Tensor): boolean =>
  operation.kind === "reshape" ? isSigmoid(inputs[0]) : operation.kind === "sigmoid";

/** The gate that a tensor is, the tensor of the sums, and all that it is made of, where nothing else is made of that. */
function voxelGateOf(byVoxel: Tensor, onlyUser: (tensor: Tensor) => Tensor | undefined) {
  const chain = [byVoxel];
  for (const kind of ["reshape", "sigmoid", "add", "reshape", "matmul"]) {
    const last = chain.at(-1)!;
    if (last.operation.kind !== kind) return undefined;
    chain.push(last.inputs[kind === "matmul" ? 1 : 0]);
  }
  const [, , sums, , product, input] = chain;
  const [weights, bias] = [product.inputs[0], sums.inputs[1]];
  if (!isConstant(weights) || !isConstant(bias) || weights.shape[0] !== 1 || bias.operation.value.length !== 1)
    return undefined;
  const parts = chain.slice(1, -1);
  if (parts.some((part, i) => onlyUser(part) !== chain[i])) return undefined;
  const name = weights.operation.name ?? "gate";
  return { gate: { name, input, weights, bias: bias.operation.value[0] }, sums, parts };
}
