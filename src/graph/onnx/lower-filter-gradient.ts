/**
 * The gradient of a 3-D convolution in its weights, in the terms of lower-convolution:
 *
 *   dw[o, kz c, k]  = sum over n, d of   dy[n, d, o] shifted by k  (dot)  stack(x)[n, d, kz c]
 *
 * With the blocked operators it is a convolution, too; without them, matrix products.
 */
import type { Shape } from "../operation.js";
import type { Emitter, Lowering } from "./emitter.js";
import { BLOCKED_MULTIPLE, reorderInput, type Slices, stackBlocked, stackNeighbours } from "./lower-convolution.js";

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
  const [, channels] = slices.shape;
  const [, outputs, height, width] = outer.shape;
  const kernel = slicesAsKernel(emitter, stackBlocked(emitter, outer, block), outer.shape, 3 * outputs, block);
  const sums = convolveColumn(emitter, slices.x, slices.shape, {
    kernel,
    height,
    width,
    outputs: 3 * outputs,
    step: 1,
  });
  const split = emitter.emit("Reshape", [sums, emitter.integers([3, 3, outputs, channels, 3])]);
  // (ky, kz from the last to the first, o, c, kx)
  const axes = [[-1], [-4], [1], [-1]].map((values) => emitter.integers(values));
  return emitter.emit("Transpose", [emitter.emit("Slice", [split, ...axes])], { perm: [2, 3, 1, 0, 4] });
}

/** The same for stride 2, where the kernel's values meet every other row and column, and the images are stacked. */
function strideTwoByConvolution(emitter: Emitter, slices: Slices, outer: Slices, block: number): string {
  const [, channels, ...plane] = slices.shape;
  const [count, outputs, height, width] = outer.shape;
  const stacked = stackNeighbours(emitter, slices.x, slices.shape, slices.depth, 2);
  const kernel = slicesAsKernel(emitter, reorderInput(emitter, outer.x), outer.shape, outputs, block);
  const column = { kernel, height, width, outputs, step: 2 } as const;
  const sums = convolveColumn(emitter, stacked, [count, 3 * channels, ...plane], column);
  const split = emitter.emit("Reshape", [sums, emitter.integers([3, outputs, 3, channels, 3])]);
  return emitter.emit("Transpose", [split], { perm: [1, 3, 2, 0, 4] }); // of (ky, o, kz, c, kx)
}

/** Kernels as large as a slice, one for each output, whose rows and columns meet every `step`-th of an image. */
interface ColumnKernel {
  readonly kernel: string;
  readonly height: number;
  readonly width: number;
  readonly outputs: number;
  readonly step: 1 | 2;
}

/**
 * Convolves the slices `[M, C, H, W]`, as images of M channels with zeros around, at the nine offsets of a 3x3 kernel:
 * `[ky, outputs, C, kx]`. The C images stand on one another in one column, a row of zeros below each, so that the convolution reads
 * a block of the kernel, half a megabyte, once for all of them; a convolution for each ky moves down from image to image. What stands
 * above the first image, as high as another, lets all three begin outside the column.
 */
function convolveColumn(emitter: Emitter, x: string, shape: Shape, by: ColumnKernel): string {
  const [count, channels, height, width] = shape;
  const wide = 1 + width + (by.step === 1 ? 1 : 0);
  const padded = emitter.emit("Pad", [x, emitter.integers([0, 0, 0, 1, 0, 0, 1, wide - width - 1])]);
  const above = emitter.once(`above ${count} ${height} ${wide}`, () =>
    emitter.floats(new Float32Array(count * height * wide), [count, height, wide]),
  );
  const images = emitter.emit("Reshape", [padded, emitter.integers([count, channels * (height + 1), wide])]);
  const column = emitter.emit("Concat", [above, images], { axis: 1 });
  const rows = channels * (height + 1) + height;
  const blocked = emitter.emit("ReorderInput", [
    emitter.emit("Reshape", [column, emitter.integers([1, count, rows, wide])]),
  ]);
  // The first row of sums is that of what stands above; with the smallest kernel, another one follows the last.
  const axes = [[1], [channels + 1], [2]].map((values) => emitter.integers(values));
  const sums = [0, 1, 2].map((ky) => {
    const sum = emitter.emit("BlockedConv", [blocked, by.kernel], {
      ...{ kernel_shape: [by.height, by.width], pads: [2 - ky, 0, 0, 0], strides: [height + 1, 1] },
      ...{ dilations: [by.step, by.step], group: 1, auto_pad: "NOTSET" },
    });
    return emitter.emit("Slice", [emitter.emit("ReorderOutput", [sum], { channels: by.outputs }), ...axes]);
  });
  return emitter.emit("Concat", sums, { axis: 0 });
}

/** Blocked slices `[M, O / block, H, W, block]` as kernels: `[O / block, M / block, H, W, block (slices), block (O)]`. */
function slicesAsKernel(
  emitter: Emitter,
  x: string,
  [count, , height, width]: Shape,
  outputs: number,
  block: number,
): string {
  const blocks = Math.ceil(outputs / block);
  const split = emitter.emit("Reshape", [x, emitter.integers([count / block, block, blocks, height * width, block])]);
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
