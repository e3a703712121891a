/**
 * 3-D convolution as 2-D. Slices `[N * D, C, H, W]` are stacked with their two neighbours along z (zeros at the ends) to
 * `[N * D, 3C, H, W]`; one 2-D convolution with weights `[O, 3C, 3, 3]` is then the 3-D convolution. ONNX Runtime has
 * much faster 2-D than 3-D kernels.
 *
 *   y[n, d, o]      = sum over kz, c of  w[o, c, kz] * x[n, s d + kz - 1, c]        (* is 2-D convolution, s the stride)
 *   dx              = the same with dy, weights flipped along z, y, x and with input and output channels swapped
 */
import type { Shape } from "../operation.js";
import type { Emitter, Lowering } from "./emitter.js";

export const lowerConvolution: Lowering<"conv3d"> = (emitter, { depth, stride }, [x, weights], { inputs }) => {
  const [outputs, channels] = inputs[1].shape;
  const kernel = stackedKernel(emitter, weights, outputs, channels);
  return convolveSlices(emitter, { x, shape: inputs[0].shape, depth, stride }, kernel, outputs);
};

export const lowerInputGradient: Lowering<"conv3dInputGradient"> = (
  emitter,
  { depth, stride },
  [gradient, weights],
  { inputs, shape: inputShape },
) => {
  const [outputs, channels] = inputs[1].shape;
  if (stride === 1) {
    // Flip by reversing the three kernel axes, then swap channels: [O, C, kz, ky, kx] -> [C, kz, O, ky, kx].
    const flipped = emitter.emit("Slice", [
      weights,
      emitter.integers([-1, -1, -1]),
      emitter.integers([-4, -4, -4]),
      emitter.integers([2, 3, 4]),
      emitter.integers([-1, -1, -1]),
    ]);
    const swapped = emitter.emit("Transpose", [flipped], { perm: [1, 2, 0, 3, 4] });
    const kernel = emitter.reshape(swapped, [channels, 3 * outputs, 3, 3]);
    return convolveSlices(emitter, { x: gradient, shape: inputs[0].shape, depth, stride }, kernel, channels);
  }
  // Stride 2: a 2-D transposed convolution gives the gradient in the stacked slices [N * D/2, 3, C, H, W]; slice 2k of the
  // input was the middle tap of output k, slice 2k + 1 the upper tap of output k and the lower one of output k + 1.
  const [, , height, width] = inputShape;
  const kernel = stackedKernel(emitter, weights, outputs, channels);
  const stacked = emitter.emit("ConvTranspose", [gradient, kernel], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    output_padding: [1, 1],
  });
  const taps = emitter.reshape(stacked, [-1, depth / 2, 3, channels * height * width]);
  const tap = (index: number): string =>
    emitter.emit("Slice", [taps, emitter.integers([index]), emitter.integers([index + 1]), emitter.integers([2])]);
  const even = tap(1);
  const lowerTapOfNext = emitter.emit("Pad", [
    emitter.emit("Slice", [tap(0), emitter.integers([1]), emitter.integers([depth / 2]), emitter.integers([1])]),
    emitter.integers([0, 0, 0, 0, 0, 1, 0, 0]),
  ]);
  const odd = emitter.emit("Add", [tap(2), lowerTapOfNext]);
  return emitter.reshape(emitter.emit("Concat", [even, odd], { axis: 2 }), inputShape);
};

/**
 * Slices in a stack: 3, or 4 with one of zeros. ONNX Runtime 1.30 convolves wrongly by WebGPU, without an error, where the channels
 * are a multiple of 3 beyond 3, but not of 4, and those of the result a multiple of 4 (findings/).
 */
function stackedPlanes({ options }: Emitter, channels: number, outputs: number): 3 | 4 {
  return options.target === "portable" && channels > 1 && channels % 4 !== 0 && outputs % 4 === 0 ? 4 : 3;
}

/** Weights for stacked slices: `[O, C, kz, ky, kx]` -> `[O, 3 C, ky, kx]`. */
function stackedKernel(emitter: Emitter, weights: string, outputs: number, channels: number): string {
  const byNeighbour = emitter.emit("Transpose", [weights], { perm: [0, 2, 1, 3, 4] });
  return emitter.reshape(byNeighbour, [outputs, 3 * channels, 3, 3]);
}

/** Slices with their neighbours along z, and one of zeros where `planes` is 4: `[N * D, C, H, W]` -> `[N * D / stride, planes C, H, W]`. */
export function stackNeighbours(
  emitter: Emitter,
  x: string,
  shape: Shape,
  depth: number,
  stride: number,
  planes: 3 | 4 = 3,
): string {
  return emitter.once(`stack ${x} ${depth} ${stride} ${planes}`, () => {
    const [slices, channels, height, width] = shape;
    const count = slices / depth;
    const plane = channels * height * width;
    // One zero slice after the last serves as the neighbour beyond either end.
    const volumes = emitter.reshape(x, [-1, depth, plane]);
    const zeros = () => emitter.floats(new Float32Array(count * plane), [count, 1, plane]);
    const padded = emitter.options.dynamicBatch
      ? emitter.emit("Pad", [volumes, emitter.integers([0, 0, 0, 0, 1, 0])])
      : emitter.emit("Concat", [volumes, emitter.once(`zeros ${count} ${plane}`, zeros)], { axis: 1 });
    const neighbours = Array.from({ length: (planes * depth) / stride }, (_, i) => {
      const plane = i % planes;
      const z = Math.floor(i / planes) * stride + plane - 1;
      return plane === 3 || z < 0 || z >= depth ? depth : z;
    });
    const stacked = emitter.emit("Gather", [padded, emitter.integers(neighbours)], { axis: 1 });
    return emitter.reshape(stacked, [-1, planes * channels, height, width]);
  });
}

/** Slices to be stacked: their value, `[N * depth, C, H, W]`, and every how many of them is the middle of a stack. */
export interface Slices {
  readonly x: string;
  readonly shape: Shape;
  readonly depth: number;
  readonly stride: 1 | 2;
}

export function reorderInput(emitter: Emitter, x: string): string {
  return emitter.once(`blocked ${x}`, () => emitter.emit("ReorderInput", [x]));
}

/** Stacked slices in the blocked layout, the last block filled up with zeros. */
export function stackBlocked(emitter: Emitter, { x, shape, depth, stride }: Slices, block: number): string {
  return shape[1] % block === 0
    ? stackNeighbours(emitter, reorderInput(emitter, x), shape, depth, stride) // a third of the values to reorder
    : reorderInput(emitter, stackNeighbours(emitter, x, shape, depth, stride));
}

/**
 * The 2-D convolution of stacked slices. With constant weights ONNX Runtime turns Conv into its blocked form by itself; with weights
 * that change at every run it does not, so there the blocked operators are called directly (the block divides both channel counts).
 */
function convolveSlices(emitter: Emitter, slices: Slices, kernel: string, outputs: number): string {
  const { x, shape, depth, stride } = slices;
  const channels = 3 * shape[1];
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
  const block = emitter.options.blockedChannels;
  if (block === undefined || channels % BLOCKED_MULTIPLE !== 0 || outputs % BLOCKED_MULTIPLE !== 0)
    return convolvePlainly();
  // Zeros fill the last block of either side: still twice as fast as the plain operator from half a block on.
  const [fullOutputs, fullChannels] = [outputs, channels].map((count) => Math.ceil(count / block) * block);
  const filling = [fullOutputs - outputs, fullChannels - channels];
  const isFull = filling.every((count) => count === 0);
  const full = isFull ? kernel : emitter.emit("Pad", [kernel, emitter.integers([0, 0, 0, 0, ...filling, 0, 0])]);
  // [O/b, b, I/b, b, ky, kx] -> [O/b, I/b, ky, kx, b (input), b (output)]
  const split = emitter.integers([fullOutputs / block, block, fullChannels / block, block, 3, 3]);
  const blocks = emitter.emit("Reshape", [full, split]);
  const blockedKernel = emitter.emit("Reshape", [
    emitter.emit("Transpose", [blocks], { perm: [0, 2, 4, 5, 3, 1] }),
    emitter.integers([fullOutputs, fullChannels, 3, 3]),
  ]);
  const blocked = emitter.emit("BlockedConv", [stackBlocked(emitter, slices, block), blockedKernel], {
    ...attributes,
    dilations: [1, 1],
    group: 1,
    auto_pad: "NOTSET",
  });
  return emitter.emit("ReorderOutput", [blocked], { channels: outputs });

  function convolvePlainly(): string {
    const planes = stackedPlanes(emitter, shape[1], outputs);
    const filled = (planes - 3) * shape[1];
    const padded = filled > 0 ? emitter.emit("Pad", [kernel, emitter.integers([0, 0, 0, 0, 0, filled, 0, 0])]) : kernel;
    return emitter.emit("Conv", [stackNeighbours(emitter, x, shape, depth, stride, planes), padded], attributes);
  }
}

/** ReorderInput takes channels in fours; half a block of 16 is worth filling up. */
export const BLOCKED_MULTIPLE = 8;
