/**
 * 3-D convolution as 2-D. Slices `[N * D, C, H, W]` are stacked with their two neighbours along z (zeros at the ends) to
 * `[N * D, 3C, H, W]`; one 2-D convolution with weights `[O, 3C, 3, 3]` is then the 3-D convolution. ONNX Runtime has
 * much faster 2-D than 3-D kernels.
 *
 *   y[n, d, o]      = sum over kz, c of  w[o, c, kz] * x[n, s d + kz - 1, c]        (* is 2-D convolution, s the stride)
 *   dx              = the same with dy, weights flipped along z, y, x and with input and output channels swapped
 *   dw[o, kz c, k]  = sum over n, d of   dy[n, d, o] shifted by k  (dot)  stack(x)[n, d, kz c]
 *
 * The last one is a convolution, too, where the blocked operators are at hand.
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

export const lowerFilterGradient: Lowering<"conv3dFilterGradient"> = (
  emitter,
  { depth, stride },
  [x, gradient],
  { inputs: [input, { shape: gradientShape }] },
) => {
  const block = emitter.options.blockedChannels;
  const [count, outputs] = gradientShape;
  const kernels = stride === 1 ? 3 * outputs : outputs;
  if (block !== undefined && count % block === 0 && kernels % BLOCKED_MULTIPLE === 0) {
    const slices = { x, shape: input.shape, depth, stride };
    const outer = { x: gradient, shape: gradientShape, depth: depth / stride, stride: 1 as const };
    return stride === 1
      ? filterGradientByConvolution(emitter, slices, outer, block)
      : strideTwoByConvolution(emitter, slices, outer, block);
  }
  return filterGradientByProducts(emitter, { x, shape: input.shape, depth, stride }, gradient, gradientShape);
};

/**
 * The filter gradient as a convolution whose channels are the slices: the images are those of `x`, one for each channel, and the
 * kernels, as large as a slice, the output gradient's, stacked with their neighbours along z:
 *
 *   dw[o, c, kz, ky, kx] = sum over m, h, w of  x[m, c, h + ky - 1, w + kx - 1] * gradient[m + 1 - kz, o, h, w]
 *
 * Nothing is shifted or multiplied slice by slice, and the stack is the one of the input gradient.
 */
function filterGradientByConvolution(emitter: Emitter, slices: Slices, outer: Slices, block: number): string {
  const [count, channels, height, width] = slices.shape;
  const outputs = outer.shape[1];
  const stackedBlocks = Math.ceil((3 * outputs) / block);
  const kernel = slicesAsKernel(emitter, stackBlocked(emitter, outer, block), stackedBlocks, outer.shape, block);
  const images = slicesAsChannels(emitter, slices.x, [count, channels, height, width], [1, 1]);
  const sums = emitter.emit("BlockedConv", [images, kernel], {
    ...{ kernel_shape: [height, width], pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1] },
    ...{ group: 1, auto_pad: "NOTSET" },
  });
  // (c, kz from the last to the first, o, ky, kx)
  const plain = emitter.emit("ReorderOutput", [sums], { channels: 3 * outputs });
  const split = emitter.emit("Reshape", [plain, emitter.integers([channels, 3, outputs, 3, 3])]);
  const axes = [[-1], [-4], [1], [-1]].map((values) => emitter.integers(values));
  return emitter.emit("Transpose", [emitter.emit("Slice", [split, ...axes])], { perm: [2, 0, 1, 3, 4] });
}

/** The same for stride 2, where the kernel's values meet every other row and column, and the images are stacked. */
function strideTwoByConvolution(emitter: Emitter, slices: Slices, outer: Slices, block: number): string {
  const [, channels, height, width] = slices.shape;
  const [count, outputs] = outer.shape;
  const stacked = stackNeighbours(emitter, slices.x, slices.shape, slices.depth, 2);
  const images = slicesAsChannels(emitter, stacked, [count, 3 * channels, height, width], [1, 0]);
  const reordered = reorderInput(emitter, outer.x);
  const kernel = slicesAsKernel(emitter, reordered, Math.ceil(outputs / block), outer.shape, block);
  const sums = emitter.emit("BlockedConv", [images, kernel], {
    ...{ kernel_shape: [height / 2, width / 2], pads: [0, 0, 0, 0], strides: [1, 1], dilations: [2, 2] },
    ...{ group: 1, auto_pad: "NOTSET" },
  });
  // (kz, c, o, ky, kx)
  const plain = emitter.emit("ReorderOutput", [sums], { channels: outputs });
  const split = emitter.emit("Reshape", [plain, emitter.integers([3, channels, outputs, 3, 3])]);
  return emitter.emit("Transpose", [split], { perm: [2, 1, 0, 3, 4] });
}

/** Slices `[M, C, H, W]` as images of M channels, with zeros around: `[C, M, before + H + after, ...]`, blocked. */
function slicesAsChannels(
  emitter: Emitter,
  x: string,
  [count, channels, height, width]: Shape,
  [before, after]: readonly [number, number],
): string {
  const images = emitter.emit("Transpose", [x], { perm: [1, 0, 2, 3] });
  const padded = emitter.emit("Pad", [images, emitter.integers([0, 0, before, before, 0, 0, after, after])]);
  const [full, wide] = [height, width].map((length) => before + length + after);
  return emitter.emit("ReorderInput", [emitter.reshape(padded, [channels, count, full, wide])]);
}

/** Blocked slices `[M, O / block, H, W, block]` as kernels: `[O / block, M / block, H, W, block (slices), block (O)]`. */
function slicesAsKernel(
  emitter: Emitter,
  x: string,
  blocks: number,
  [count, , height, width]: Shape,
  block: number,
): string {
  const plane = height * width;
  const split = emitter.emit("Reshape", [x, emitter.integers([count / block, block, blocks, plane, block])]);
  const kernel = emitter.emit("Transpose", [split], { perm: [2, 0, 3, 1, 4] });
  return emitter.emit("Reshape", [kernel, emitter.integers([blocks * block, count, height, width])]);
}

/** The filter gradient as matrix products. */
function filterGradientByProducts(
  emitter: Emitter,
  { x, shape, depth, stride }: Slices,
  gradient: string,
  [, outputs, outHeight, outWidth]: Shape,
): string {
  const [, channels, height, width] = shape;
  const stacked = stackNeighbours(emitter, x, shape, depth, stride);
  // One matrix product a slice, all nine in-plane taps at once, then the sum over slices.
  const flatGradient = emitter.reshape(gradient, [-1, outputs, outHeight * outWidth]);
  const taps =
    stride === 1
      ? // [O 9, H W] x [3 C, H W]^T -> (o, tap, kz, c)
        multiplyTransposed(
          emitter,
          shiftPlanes(emitter, gradient, outputs, height, width),
          emitter.reshape(stacked, [-1, 3 * channels, height * width]),
        )
      : // [O, H W / 4] x [9 * 3 C, H W / 4]^T -> (o, tap, kz, c)
        multiplyTransposed(emitter, flatGradient, stridedWindows(emitter, stacked, 3 * channels, height, width));
  const summed = emitter.emit("ReduceSum", [taps, emitter.integers([0])], { keepdims: 0 });
  const split = emitter.emit("Reshape", [summed, emitter.integers([outputs, 3, 3, 3, channels])]);
  return emitter.emit("Transpose", [split], { perm: [0, 4, 3, 1, 2] });
}

function multiplyTransposed(emitter: Emitter, a: string, b: string): string {
  return emitter.options.target === "cpu"
    ? emitter.emit("FusedMatMul", [a, b], { transB: 1 })
    : emitter.emit("MatMul", [a, emitter.emit("Transpose", [b], { perm: [0, 2, 1] })]);
}

/** Planes up to this many voxels are shifted by one matrix product; larger ones by rows. */
const SMALL_PLANE = 64;

/**
 * The nine in-plane shifts of slices `[M, C, H, W]` -> `[M, 9 C, H W]`, tap (ky, kx) shifted by (1 - ky, 1 - kx), zeros
 * moving in. Small planes: a product with a 0/1 matrix `[H W, 9 H W]`. Large ones: columns by such a product (whose
 * fourth block makes rows of zeros), then rows by a gather. Products and gathers run on all threads, which ONNX
 * Runtime's Slice and Pad do not.
 */
function shiftPlanes(emitter: Emitter, x: string, channels: number, height: number, width: number): string {
  const plane = height * width;
  if (plane <= SMALL_PLANE) {
    const shifts = emitter.once(`planes ${height} ${width}`, () => {
      const matrix = new Float32Array(plane * 9 * plane);
      forEachTap(height, width, (tap, to, from) => {
        matrix[from * 9 * plane + tap * plane + to] = 1;
      });
      return emitter.floats(matrix, [plane, 9 * plane]);
    });
    // [M C, 9 H W] is [M, C 9, H W]: here the channel is the slow index, the tap the fast one
    const shifted = emitter.emit("MatMul", [emitter.reshape(x, [-1, plane]), shifts]);
    return emitter.reshape(shifted, [-1, 9 * channels, plane]);
  }
  const columns = new Float32Array(width * 4 * width);
  for (let kx = 0; kx < 3; kx++)
    for (let w = 0; w < width; w++) {
      const from = w + 1 - kx;
      if (from >= 0 && from < width) columns[from * 4 * width + kx * width + w] = 1;
    }
  const shifted = emitter.emit("MatMul", [
    emitter.reshape(x, [-1, width]),
    emitter.once(`columns ${width}`, () => emitter.floats(columns, [width, 4 * width])),
  ]);
  const rows: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let tap = 0; tap < 9; tap++)
      for (let h = 0; h < height; h++) {
        const from = h + 1 - Math.floor(tap / 3);
        rows.push(from >= 0 && from < height ? (c * height + from) * 4 + (tap % 3) : 3);
      }
  const lines = emitter.reshape(shifted, [-1, channels * height * 4, width]);
  const gathered = emitter.emit("Gather", [lines, emitter.integers(rows)], { axis: 1 });
  return emitter.reshape(gathered, [-1, 9 * channels, plane]);
}

/** Calls `visit(tap, to, from)` for every voxel of a plane and every tap whose source lies inside it. */
function forEachTap(height: number, width: number, visit: (tap: number, to: number, from: number) => void): void {
  for (let tap = 0; tap < 9; tap++)
    for (let to = 0; to < height * width; to++) {
      const h = Math.floor(to / width) + 1 - Math.floor(tap / 3);
      const w = (to % width) + 1 - (tap % 3);
      if (h >= 0 && h < height && w >= 0 && w < width) visit(tap, to, h * width + w);
    }
}

/** What each of the nine taps of a stride-2 kernel sees: `[M, C, H, W]` -> `[M, 9 C, H W / 4]`. */
function stridedWindows(emitter: Emitter, x: string, channels: number, height: number, width: number): string {
  const padded = emitter.emit("Pad", [x, emitter.integers([0, 0, 1, 1, 0, 0, 1, 1])]);
  const windows = Array.from({ length: 9 }, (_, tap) => {
    const [ky, kx] = [Math.floor(tap / 3), tap % 3];
    const seen = emitter.emit("Slice", [
      padded,
      emitter.integers([ky, kx]),
      emitter.integers([ky + height, kx + width]),
      emitter.integers([2, 3]),
      emitter.integers([2, 2]),
    ]);
    return emitter.reshape(seen, [-1, channels, (height * width) / 4]);
  });
  return emitter.emit("Concat", windows, { axis: 1 });
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
interface Slices {
  readonly x: string;
  readonly shape: Shape;
  readonly depth: number;
  readonly stride: 1 | 2;
}

function reorderInput(emitter: Emitter, x: string): string {
  return emitter.once(`blocked ${x}`, () => emitter.emit("ReorderInput", [x]));
}

/** Stacked slices in the blocked layout, the last block filled up with zeros. */
function stackBlocked(emitter: Emitter, { x, shape, depth, stride }: Slices, block: number): string {
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
const BLOCKED_MULTIPLE = 8;
