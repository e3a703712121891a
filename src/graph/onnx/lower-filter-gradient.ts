/**
 * The gradient of a 3-D convolution in its weights, in the terms of lower-convolution:
 *
 *   dw[o, kz c, k]  = sum over n, d of   dy[n, d, o] shifted by k  (dot)  stack(x)[n, d, kz c]
 *
 * With the blocked operators it is a convolution, too; without them, matrix products.
 */
import type { Shape } from "../operation.js";
import { asPlain, reorderInput } from "./blocked-values.js";
import type { Emitter, Lowering } from "./emitter.js";
import { BLOCKED_MULTIPLE, type Slices, stackNeighbours } from "./lower-convolution.js";

export const lowerFilterGradient: Lowering<"conv3dFilterGradient"> = (
  emitter,
  { depth, stride },
  [x, gradient],
  { inputs: [input, { shape: gradientShape }] },
) => {
  const block = emitter.options.blockedChannels;
  const slices = { x, shape: input.shape, depth, stride };
  const outer = { x: gradient, shape: gradientShape, depth: depth / stride, stride: 1 as const };
  const [count, outputs] = gradientShape;
  const channels = input.shape[1];
  if (block && count % block === 0 && outputs % BLOCKED_MULTIPLE === 0 && (stride === 1 || channels % 4 === 0))
    return filterGradientByConvolution(emitter, slices, outer, block);
  const plain = { ...slices, x: asPlain(emitter, x, input.shape) };
  return filterGradientByProducts(emitter, plain, asPlain(emitter, gradient, gradientShape), gradientShape);
};

/**
 * The filter gradient as a convolution whose channels are the slices: the image is `x`, the channels of a voxel beside one another in
 * its row, and the kernels, as large as a slice, are the output gradient's. With stride 1 each kernel comes with its neighbours along z,
 *
 *   dw[o, c, kz, ky, kx] = sum over m, h, w of  x[m, c, h + ky - 1, w + kx - 1] * gradient[m + 1 - kz, o, h, w]
 *
 * with stride 2 each slice of x does, and the kernel's voxels meet every other one of the image. Nothing is shifted or multiplied slice
 * by slice: ky is the row of the result, and kx as many columns further as a voxel has channels. Groups of slices are summed in the end,
 * so that several threads have something to do.
 */
function filterGradientByConvolution(emitter: Emitter, slices: Slices, outer: Slices, block: number): string {
  const [count, , height, width] = outer.shape;
  const { stride } = slices;
  const outputBlocks = Math.ceil(outer.shape[1] / block);
  const outputs = outputBlocks * block;
  const groups = [4, 2].find((parts) => (count / block) % parts === 0) ?? 1;
  const [kernels, stacked] = stride === 1 ? [3, 1] : [1, 3];
  const { image, channels } =
    stride === 1 ? slicesAsImage(emitter, slices, block) : stacksAsImage(emitter, slices, block);
  const kernel = slicesAsKernels(emitter, outer, stride === 1 ? [1, 0, -1] : [0], { groups, block });
  const shape = emitter.integers([groups * kernels * outputs, count / groups, height, width]);
  const sums = emitter.emit("BlockedConv", [image, emitter.emit("Reshape", [kernel, shape])], {
    ...{ kernel_shape: [height, width], pads: [1, 0, 2 - stride, 0], strides: [1, 1] },
    ...{ dilations: [stride, stride * stacked * channels], group: groups, auto_pad: "NOTSET" },
  });
  const split = emitter.integers([groups, kernels, outputBlocks, 9, stacked, channels, block]);
  const total = emitter.emit("ReduceSum", [emitter.emit("Reshape", [sums, split]), emitter.integers([0])], {
    keepdims: 0,
  });
  // Of (kz or none, o, (ky, kx), none or kz, c, o in its block)
  const turned = emitter.emit("Transpose", [total], { perm: [1, 5, 4, 0, 3, 2] });
  const full = emitter.emit("Reshape", [turned, emitter.integers([outputs, channels, 3, 3, 3])]);
  const wanted = [outer.shape[1], slices.shape[1]];
  if (wanted.join() === [outputs, channels].join()) return full;
  return emitter.emit("Slice", [full, emitter.integers([0, 0]), emitter.integers(wanted), emitter.integers([0, 1])]);
}

/** Slices of which the channels of a voxel lie in a row, as images with zeros on the left and right: `[1, M, H, (W + 2) C]`, blocked. */
function slicesAsImage(emitter: Emitter, { x, shape }: Slices, block: number) {
  const [count, channels, height, width] = shape;
  const lines = emitter.emit("Reshape", [
    channelsLast(emitter, x, shape, block),
    emitter.integers([count, height, width * channels]),
  ]);
  const padded = emitter.emit("Pad", [lines, emitter.integers([0, 0, channels, 0, 0, channels])]);
  const rows = emitter.emit("Reshape", [padded, emitter.integers([1, count, height, (width + 2) * channels])]);
  return { image: emitter.emit("ReorderInput", [rows]), channels };
}

/** `[M, C, H, W]` -> `[M, H W, C]`, which a single block of channels is already. */
function channelsLast(emitter: Emitter, x: string, shape: Shape, block: number): string {
  const [count, channels, height, width] = shape;
  if (channels === block) return reorderInput(emitter, x, shape);
  const isWhole = channels % block === 0;
  const [value, inner] = isWhole ? [reorderInput(emitter, x, shape), block] : [asPlain(emitter, x, shape), 1];
  const split = emitter.integers([count, channels / inner, height * width, inner]);
  return emitter.emit("Transpose", [emitter.emit("Reshape", [value, split])], { perm: [0, 2, 1, 3] });
}

/** The same of every other slice and its neighbours along z, with zeros on the left: `[1, M / 2, H, (W + 1) 3 C]`, C in whole blocks. */
function stacksAsImage(emitter: Emitter, { x, shape, depth }: Slices, block: number) {
  const [count, , height, width] = shape;
  const blocks = Math.ceil(shape[1] / block);
  const values = blockRows(emitter, x, shape, block);
  const none = count * blocks * height * width;
  const rows = emitter.once(`stacks ${shape} ${depth}`, () => {
    const found = new Int32Array((count / 2) * height * (width + 1) * 3 * blocks);
    let i = 0;
    for (let middle = 0; middle < count; middle += 2)
      for (let h = 0; h < height; h++)
        for (let w = -1; w < width; w++)
          for (let kz = 0; kz < 3; kz++)
            for (let c = 0; c < blocks; c++) {
              const isInside = w >= 0 && (middle % depth) + kz >= 1; // the last neighbour of an even depth is always there
              found[i++] = isInside ? (((middle + kz - 1) * blocks + c) * height + h) * width + w : none;
            }
    return emitter.integers32(found, [i]);
  });
  const wide = (width + 1) * 3 * blocks * block;
  const gathered = emitter.emit("Gather", [values, rows], { axis: 0 });
  const image = emitter.emit("Reshape", [gathered, emitter.integers([1, count / 2, height, wide])]);
  return { image: emitter.emit("ReorderInput", [image]), channels: blocks * block };
}

/**
 * Slices `[M, O, H, W]` as kernels, in so many groups of slices: `[groups, shifts, O / block, M / block / groups, H W, block (slices),
 * block (O)]`, of slice m that of m + shift, or zeros beyond its volume.
 */
function slicesAsKernels(
  emitter: Emitter,
  { x, shape, depth }: Slices,
  shifts: readonly number[],
  { groups, block }: { readonly groups: number; readonly block: number },
): string {
  const [count, outputs, height, width] = shape;
  const [outputBlocks, plane] = [Math.ceil(outputs / block), height * width];
  const none = count * outputBlocks * plane;
  const rows = emitter.once(`kernels ${shape} ${depth} ${shifts}`, () => {
    const found = new Int32Array(shifts.length * none);
    let i = 0;
    for (let group = 0; group < groups; group++)
      for (const shift of shifts)
        for (let o = 0; o < outputBlocks; o++)
          for (let first = (group * count) / groups; first < ((group + 1) * count) / groups; first += block)
            for (let voxel = 0; voxel < plane; voxel++)
              for (let m = first; m < first + block; m++) {
                const z = (m % depth) + shift;
                found[i++] = z >= 0 && z < depth ? ((m + shift) * outputBlocks + o) * plane + voxel : none;
              }
    return emitter.integers32(found, [i]);
  });
  return emitter.emit("Gather", [blockRows(emitter, x, shape, block), rows], { axis: 0 });
}

/** Every voxel's blocks of channels, in the order of the blocked layout, then one of zeros: `[M C / block H W + 1, block]`. */
function blockRows(emitter: Emitter, x: string, shape: Shape, block: number): string {
  return emitter.once(`rows ${x}`, () => {
    const zeros = emitter.once(`zeros ${block}`, () => emitter.floats(new Float32Array(block), [1, block]));
    const rows = emitter.emit("Reshape", [reorderInput(emitter, x, shape), emitter.integers([-1, block])]);
    return emitter.emit("Concat", [rows, zeros], { axis: 0 });
  });
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
