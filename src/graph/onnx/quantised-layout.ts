/**
 * Networks with constant weights in 8 bits: activations unsigned, with one scale a tensor from its range, weights signed, with a scale for
 * each output channel. Channels are the last axis, as ONNX Runtime's convolution in 8 bits takes them; stacking, repeating, adding and
 * gating slices stay in 8 bits, so that a value goes back to float32 only where something else needs it.
 *
 * Processors without VNNI add pairs of products in 16 bits. Weights have 7 bits, so that 2 x 255 x 64 fits: the results are the same on all.
 */
import type { Shape } from "../operation.js";
import { elementCount } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { BlockedLayout } from "./blocked-layout.js";
import type { Emitter, QuantisedRanges } from "./emitter.js";
import { planQuantisation, type QuantisedStep, type VoxelGate } from "./quantised-plan.js";

/** A value in 8 bits: scale * (whole number - zero). The axes of its shape without the channels, then the channels. */
interface Packed {
  readonly value: string;
  readonly scale: number;
  readonly zero: number;
  readonly axis: number;
}

const LARGEST_WEIGHT = 64;
const LARGEST = 255;
/** Output channels below which ONNX Runtime multiplies matrices in place of its convolution in 8 bits. */
const FEWEST_OUTPUTS = 16;
/** The range of a sigmoid. */
const GATE = { scale: 1 / LARGEST, zero: 0 };
/** Of two together. By 2 / 255 every second sum would lie between two numbers, and ONNX Runtime's libraries do not agree which to take. */
const TWO_GATES = { scale: 2 / (LARGEST - 1), zero: 0 };

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
  const gate = (
    step: QuantisedStep & { readonly kind: "gate" },
    x: Packed,
    channelGate: string,
  ): Omit<Packed, "axis"> => {
    const output = scaleOf(step.name, x.zero === 0);
    const logits = scaleOf(step.voxelGate.name);
    const voxel = voxelGate(emitter, packed.get(step.voxelGate.input)!, step.voxelGate, logits);
    const [volumes, depth, plane, channels] = lastOf(step.input.shape, x.axis);
    const byVolume = emitter.reshape(voxel, [volumes, depth, plane, channels]);
    const sum = combine(
      emitter,
      "QLinearAdd",
      { value: byVolume, ...GATE },
      channelGateOf(emitter, channelGate, plane, channels),
      TWO_GATES,
    );
    return { value: combine(emitter, "QLinearMul", x, { value: sum, ...TWO_GATES }, output), ...output };
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
        return { ...gate(step, first, plain(nameOf(step.channelGate))), axis };
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
  { operation, inputs, shape }: Tensor,
  packed: ReadonlyMap<Tensor, Packed>,
  plainOf: (tensor: Tensor) => string,
): string | undefined {
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
  if (operation.kind === "reduce" && operation.how !== "sum" && first) {
    const [{ shape: full }] = inputs;
    // Over all voxels of a volume.
    if (!shape.every((length, axis) => length === (axis === 0 || axis === first.axis ? full[axis] : 1)))
      return undefined;
    const voxels = elementCount(full) / full[0] / full[first.axis];
    const flat = emitter.reshape(first.value, [full[0], voxels, full[first.axis]]);
    const how = operation.how === "mean" ? "ReduceMean" : "ReduceMax";
    const reduced = emitter.emit(how, [floats(emitter, { ...first, value: flat })], { axes: [1], keepdims: 1 });
    return emitter.reshape(reduced, shape);
  }
  return undefined;
}

/** The axes of a shape with the channels last. */
const channelsLast = (rank: number, axis: number): number[] => [
  ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis),
  axis,
];
const lastOf = (shape: Shape, axis: number): number[] => channelsLast(shape.length, axis).map((at) => shape[at]);

function scaleOfRange(low: number, high: number): Pick<Packed, "scale" | "zero"> {
  const least = Math.min(low, 0);
  const scale = Math.fround(Math.max(high - least, 1e-6) / LARGEST);
  return { scale, zero: Math.round(-least / scale) };
}

/** Scale and zero as ONNX's operators take them. */
function parameters(emitter: Emitter, { scale, zero }: Pick<Packed, "scale" | "zero">): [string, string] {
  return [
    emitter.once(`scale ${scale}`, () => emitter.floats(Float32Array.of(scale), [])),
    emitter.once(`zero ${zero}`, () => emitter.integers8(Uint8Array.of(zero), [])),
  ];
}

/** In float32, channels last. */
function floats(emitter: Emitter, packed: Packed): string {
  return emitter.once(`floats ${packed.value}`, () =>
    emitter.emit("DequantizeLinear", [packed.value, ...parameters(emitter, packed)]),
  );
}

/** In float32 and its own shape. */
function unpack(emitter: Emitter, packed: Packed, shape: Shape): string {
  const last = channelsLast(shape.length, packed.axis);
  const perm = last.map((_, axis) => last.indexOf(axis));
  return emitter.emit("Transpose", [floats(emitter, packed)], { perm });
}

function combine(
  emitter: Emitter,
  how: "QLinearAdd" | "QLinearMul",
  a: Omit<Packed, "axis">,
  b: Omit<Packed, "axis">,
  output: Pick<Packed, "scale" | "zero">,
): string {
  const inputs = [a, b].flatMap((one) => [one.value, ...parameters(emitter, one)]);
  return emitter.emit(how, [...inputs, ...parameters(emitter, output)]);
}

/**
 * A gate for each channel `[N, 1, C, 1]` in 8 bits, `[N, 1, plane, C]`: written out for a plane, because ONNX Runtime broadcasts runs of
 * the last axes, and one call for each voxel's channels takes longer than the convolution.
 */
function channelGateOf(emitter: Emitter, value: string, plane: number, channels: number): Omit<Packed, "axis"> {
  const quantised = emitter.emit("QuantizeLinear", [value, ...parameters(emitter, GATE)]);
  const row = emitter.reshape(quantised, [-1, 1, 1, channels]);
  return { value: emitter.emit("Expand", [row, emitter.integers([1, 1, plane, channels])]), ...GATE };
}

/** The sigmoid of a sum over the channels of each voxel in 8 bits, the same for every channel: `[M, V, C]`. */
function voxelGate(
  emitter: Emitter,
  x: Packed,
  { weights, bias, input }: VoxelGate,
  logits: Pick<Packed, "scale" | "zero">,
): string {
  const channels = weights.shape[1];
  const everyChannel = Array.from({ length: channels }, () => [...weights.operation.value]).flat();
  const kernel = {
    kernel: Float32Array.from(everyChannel),
    shape: [channels, channels, 1],
    bias: new Float32Array(channels).fill(bias),
  };
  const slices = emitter.reshape(x.value, lastOf(input.shape, 1));
  const sums = multiply(emitter, { ...x, value: slices }, kernel, logits, { kernel_shape: [1] });
  return emitter.emit("QLinearSigmoid", [sums, ...parameters(emitter, logits), ...parameters(emitter, GATE)]);
}

function convolution(
  emitter: Emitter,
  x: Packed,
  { input, weights, bias, depth, stride }: QuantisedStep & { readonly kind: "convolution" },
  output: Pick<Packed, "scale" | "zero">,
): string {
  const [outputs, channels] = weights.shape;
  const stacked = stackNeighbours(emitter, x, input.shape, depth, stride);
  // [O, C, kz, ky, kx] -> [O, (kz, C), ky, kx], and zeros up to the fewest outputs that the fast kernel takes.
  const source = weights.operation.value;
  const computed = Math.max(outputs, FEWEST_OUTPUTS);
  const kernel = new Float32Array((computed / outputs) * source.length);
  for (let o = 0, from = 0; o < outputs; o++)
    for (let c = 0; c < channels; c++)
      for (let kz = 0; kz < 3; kz++)
        for (let tap = 0; tap < 9; tap++, from++) kernel[((o * 3 + kz) * channels + c) * 9 + tap] = source[from];
  const filled = new Float32Array(computed);
  filled.set(bias);
  const sums = multiply(
    emitter,
    { ...x, value: stacked },
    { kernel, shape: [computed, 3 * channels, 3, 3], bias: filled },
    output,
    { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] },
  );
  if (computed === outputs) return sums;
  return emitter.emit("Slice", [sums, ...[0, outputs, 3].map((value) => emitter.integers([value]))]);
}

function pointwise(
  emitter: Emitter,
  x: Packed,
  { weights, bias }: QuantisedStep & { readonly kind: "pointwise" },
  output: Pick<Packed, "scale" | "zero">,
): string {
  const [outputs, channels] = weights.shape;
  const kernel = { kernel: weights.operation.value, shape: [outputs, channels, 1, 1], bias };
  return multiply(emitter, x, kernel, output, { kernel_shape: [1, 1] });
}

/** Weights `[O, C, ...]` and a bias for each output, before they are rounded. */
interface FloatKernel {
  readonly kernel: Float32Array;
  readonly shape: readonly number[];
  readonly bias: Float32Array;
}

/** A convolution in 8 bits. */
function multiply(
  emitter: Emitter,
  x: Packed,
  { kernel, shape, bias }: FloatKernel,
  output: Pick<Packed, "scale" | "zero">,
  attributes: Readonly<Record<string, readonly number[]>>,
): string {
  const [outputs] = shape;
  const length = kernel.length / outputs;
  const scales = Float32Array.from({ length: outputs }, (_, o) => {
    const own = kernel.subarray(o * length, (o + 1) * length);
    const most = own.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 1e-12);
    return most / LARGEST_WEIGHT;
  });
  const whole = Int8Array.from(kernel, (weight, i) => Math.round(weight / scales[Math.floor(i / length)]));
  const shift = Int32Array.from(bias, (value, o) => Math.round(value / (x.scale * scales[o])));
  const inputs = [
    ...[x.value, ...parameters(emitter, x)],
    emitter.integers8(whole, shape),
    emitter.floats(scales, [outputs]),
    emitter.once("zero of weights", () => emitter.integers8(Int8Array.of(0), [])),
    ...parameters(emitter, output),
    emitter.integers32(shift, [outputs]),
  ];
  return emitter.emit("ChannelsLastQLinearConv", inputs, { ...attributes, channels_last: 1 });
}

/** Slices `[N * D, H, W, C]` with their neighbours along z as channels: `[N * D / stride, H, W, 3 C]`; beyond the ends is zero. */
function stackNeighbours(
  emitter: Emitter,
  x: Packed,
  [slices, channels, height, width]: Shape,
  depth: number,
  stride: number,
): string {
  return emitter.once(`stack ${x.value} ${depth} ${stride}`, () => {
    const plane = height * width * channels;
    const volumes = emitter.reshape(x.value, [-1, depth, plane]);
    const padded = emitter.options.dynamicBatch
      ? emitter.emit("Pad", [volumes, emitter.integers([0, 0, 0, 0, 1, 0]), parameters(emitter, x)[1]])
      : emitter.emit("Concat", [volumes, beyond(emitter, slices / depth, plane, x.zero)], { axis: 1 });
    const neighbours = [-1, 0, 1].map((offset) => {
      const sections = Array.from({ length: depth / stride }, (_, i) => {
        const z = i * stride + offset;
        return z < 0 || z >= depth ? depth : z;
      });
      return emitter.reshape(emitter.emit("Gather", [padded, emitter.integers(sections)], { axis: 1 }), [
        -1,
        height,
        width,
        channels,
      ]);
    });
    return emitter.emit("Concat", neighbours, { axis: 3 });
  });
}

/** What lies beyond the last slice of each of `count` volumes. */
function beyond(emitter: Emitter, count: number, plane: number, zero: number): string {
  return emitter.once(`beyond ${count} ${plane} ${zero}`, () =>
    emitter.integers8(new Uint8Array(count * plane).fill(zero), [count, 1, plane]),
  );
}

/** `[N * D, H, W, C]` with every voxel repeated along the three axes; `shape` is the plain shape of the result. */
function upsample(emitter: Emitter, x: string, depth: number, [, channels, height, width]: Shape): string {
  const twice = (length: number): number[] => Array.from({ length: 2 * length }, (_, i) => Math.floor(i / 2));
  const columns = emitter.emit(
    "Gather",
    [emitter.reshape(x, [-1, width / 2, channels]), emitter.integers(twice(width / 2))],
    { axis: 1 },
  );
  const rows = emitter.reshape(columns, [-1, (depth * height) / 2, width * channels]);
  const repeated = twice(depth).flatMap((z) => twice(height / 2).map((y) => z * (height / 2) + y));
  return emitter.reshape(emitter.emit("Gather", [rows, emitter.integers(repeated)], { axis: 1 }), [
    -1,
    height,
    width,
    channels,
  ]);
}

/** Sums of 2x2x2 cells of `[N * D, H, W, C]`: means, each worth eight times as much; `shape` is the plain shape of the result. */
function sumPool(emitter: Emitter, x: Packed, depth: number, [, channels, height, width]: Shape): Packed {
  const volumes = emitter.reshape(x.value, [-1, depth, 2 * height, 2 * width, channels]);
  const cells = { kernel_shape: [2, 2, 2], strides: [2, 2, 2], channels_last: 1 };
  const inputs = [volumes, ...parameters(emitter, x), ...parameters(emitter, x)];
  const means = emitter.emit("QLinearAveragePool", inputs, cells);
  return {
    value: emitter.reshape(means, [-1, height, width, channels]),
    scale: Math.fround(8 * x.scale),
    zero: x.zero,
    axis: 1,
  };
}
