/**
 * Networks with constant weights in 8 bits: activations unsigned, with one scale a tensor from its range, weights signed, with a scale for
 * each output channel. Channels are the last axis, as ONNX Runtime's convolution in 8 bits takes them; stacking, repeating, adding and
 * gating slices stay in 8 bits, so that a value goes back to float32 only where something else needs it.
 *
 * Processors without VNNI add pairs of products in 16 bits. Weights have 7 bits, so that 2 x 255 x 64 fits: the results are the same on all.
 */
import type { Tensor } from "../../tensor.js";
import type { BlockedLayout } from "../blocked-layout.js";
import type { Emitter, QuantisedRanges } from "../emitter.js";
import { convolution, pointwise } from "./convolution.js";
import { gate } from "./gates.js";
import { isOverVoxels, planQuantisation, type QuantisedStep } from "./plan.js";
import { sumPool, upsample } from "./resample.js";
import {
  channelsLast,
  combine,
  flatVoxels,
  floats,
  lastOf,
  type Packed,
  parameters,
  scaleOfRange,
  unpack,
} from "./values.js";

/** Parameters as `createBlockedLayout` has them. */
export function createQuantisedLayout(
  emitter: Emitter,
  order: readonly Tensor[],
  outputs: readonly Tensor[],
  ranges: QuantisedRanges,
  nameOf: (tensor: Tensor) => string,
): BlockedLayout {
  const { values, parts } = planQuantisation(order, outputs);
  const packed = new Map<Tensor, Packed>();
  /** Of values that are packed, by their names. */
  const shapes = new Map<string, { readonly tensor: Tensor; readonly packed: Packed }>();
  const scaleOf = (name: string, isRectified = false) => {
    const range = ranges.get(name);
    if (!range) throw new Error(`there is no range of ${name}`);
    return scaleOfRange(isRectified ? 0 : range[0], range[1]);
  };
  const plain = (name: string): string => {
    const known = shapes.get(name);
    return known ? emitter.once(`plain ${name}`, () => unpack(emitter, known.packed, known.tensor.shape)) : name;
  };
  /** An input of a step; one in float32 is made 8 bits by the range of this name. */
  const pack = (tensor: Tensor, name: string): Packed => {
    const known = packed.get(tensor);
    if (known) return known;
    const scale = scaleOf(name);
    const quantised = emitter.emit("QuantizeLinear", [plain(nameOf(tensor)), ...parameters(emitter, scale)]);
    const value = emitter.emit("Transpose", [quantised], { perm: channelsLast(tensor.shape.length, 1) });
    return { value, ...scale, axis: 1 };
  };
  const convolve = (step: QuantisedStep & { readonly kind: "convolution" }): Packed => {
    const { name, input, added, isRectified } = step;
    const output = scaleOf(added ? `${name} shift` : name, isRectified && !added);
    const convolved = { value: convolution(emitter, pack(input, `${name} input`), step, output), ...output, axis: 1 };
    if (!added) return convolved;
    const sum = scaleOf(name, isRectified);
    const other = pack(added, `${name} added`);
    return { value: combine(emitter, "QLinearAdd", other, convolved, sum), ...sum, axis: 1 };
  };
  const gated = (step: QuantisedStep & { readonly kind: "gate" }, x: Packed): Packed => {
    const scales = { output: scaleOf(step.name, x.zero === 0), logits: scaleOf(step.voxelGate.name) };
    return { ...gate(emitter, step, packed, scales), axis: x.axis };
  };
  const make = (tensor: Tensor, step: QuantisedStep, axis: number): Packed => {
    const [first, second] = tensor.inputs.map((input) => packed.get(input)!);
    switch (step.kind) {
      case "convolution":
        return convolve(step);
      case "pointwise": {
        const output = scaleOf(step.name);
        return { value: pointwise(emitter, packed.get(step.input)!, step, output), ...output, axis };
      }
      case "add": {
        const output = scaleOf(step.name);
        return { value: combine(emitter, "QLinearAdd", first, second, output), ...output, axis };
      }
      case "gate":
        return gated(step, first);
      case "upsample":
        return { ...first, value: upsample(emitter, first.value, step.depth, tensor.shape) };
      case "sumPool":
        return sumPool(emitter, first, step.depth, tensor.shape);
      case "scale":
        return {
          ...first,
          value: emitter.emit("Identity", [first.value]), // a name of its own, as what it is worth goes by the name
          scale: Math.fround(first.scale * step.factor),
        };
      case "view":
        return { ...first, value: emitter.reshape(first.value, lastOf(tensor.shape, axis)), axis };
    }
  };
  return {
    lower(tensor) {
      if (parts.has(tensor)) return "";
      const planned = values.get(tensor);
      if (!planned) return lowerUser(emitter, tensor, packed, (input) => plain(nameOf(input)));
      const made = make(tensor, planned.step, planned.axis);
      packed.set(tensor, made);
      shapes.set(made.value, { tensor, packed: made });
      return made.value;
    },
    plain,
  };
}

/** Operations whose result is in float32, of inputs as they lie; undefined: of inputs in float32. */
function lowerUser(
  emitter: Emitter,
  tensor: Tensor,
  packed: ReadonlyMap<Tensor, Packed>,
  plainOf: (tensor: Tensor) => string,
): string | undefined {
  const { operation, inputs, shape } = tensor;
  const [first, second] = inputs.map((input) => packed.get(input));
  if (operation.kind === "matmul" && !operation.transposeA && !operation.transposeB) {
    const [a, b] = inputs;
    // [O, C] x [M, C, V] -> [M, V, C] x [C, O]
    if (second?.axis === 1 && b.shape.length === 3 && a.shape.length === 2) {
      const weights = emitter.emit("Transpose", [plainOf(a)], { perm: [1, 0] });
      const product = emitter.emit("MatMul", [floats(emitter, second), weights]);
      return a.shape[0] === 1
        ? emitter.reshape(product, shape)
        : emitter.emit("Transpose", [product], { perm: [0, 2, 1] });
    }
    // [M, C, V] x [M, V, 1] -> [M, 1, V] x [M, V, C]
    if (first?.axis === 1 && a.shape.length === 3 && b.shape.length === 3 && b.shape[2] === 1) {
      const row = emitter.reshape(plainOf(b), [-1, 1, b.shape[1]]);
      return emitter.reshape(emitter.emit("MatMul", [row, floats(emitter, first)]), shape);
    }
  }
  if (operation.kind === "reduce" && first && isOverVoxels(tensor, first.axis)) {
    const flat = flatVoxels(emitter, first, inputs[0].shape);
    const how = operation.how === "mean" ? "ReduceMean" : "ReduceMax";
    return emitter.reshape(emitter.emit(how, [flat], { axes: [1], keepdims: 1 }), shape);
  }
  return undefined;
}
