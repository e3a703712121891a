/** Convolutions in 8 bits. */
import type { Shape } from "../../operation.js";
import type { Emitter } from "../emitter.js";
import type { QuantisedStep } from "./plan.js";
import { type Packed, parameters } from "./values.js";

const LARGEST_WEIGHT = 64;
/** Output channels below which ONNX Runtime multiplies matrices in place of its convolution in 8 bits. */
const FEWEST_OUTPUTS = 16;

export function convolution(
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

export function pointwise(
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
export function multiply(
  emitter: Emitter,
  x: Packed,
  { kernel, shape, bias }: FloatKernel,
  output: Pick<Packed, "scale" | "zero">,
  attributes: Readonly<Record<string, readonly number[]>>,
): string {
  const [outputs] = shape;
  const length = kernel.length / outputs;
  const scales = new Float32Array(outputs);
  const whole = new Int8Array(kernel.length);
  for (let o = 0; o < outputs; o++) {
    const [start, end] = [o * length, (o + 1) * length];
    let most = 1e-12;
    for (let i = start; i < end; i++) most = Math.max(most, Math.abs(kernel[i]));
    scales[o] = most / LARGEST_WEIGHT;
    for (let i = start; i < end; i++) whole[i] = Math.round(kernel[i] / scales[o]);
  }
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
