/**
 * 3-D convolution as 2-D. Slices `[N * D, C, H, W]` are stacked with their two neighbours along z (zeros at the ends) to
 * `[N * D, 3C, H, W]`; one 2-D convolution with weights `[O, 3C, 3, 3]` is then the 3-D convolution. ONNX Runtime has
 * much faster 2-D than 3-D kernels.
 *
 *   y[n, d, o]      = sum over kz, c of  w[o, c, kz] * x[n, s d + kz - 1, c]        (* is 2-D convolution, s the stride)
 *   dx              = the same with dy, weights flipped along z, y, x and with input and output channels swapped
 */
import type { Shape } from "../operation.js";
import { asPlain, markBlocked, reorderInput } from "./blocked-values.js";
import type { Attribute, Blocks, Emitter, Lowering } from "./emitter.js";

export const lowerConvolution: Lowering<"conv3d"> = (emitter, { depth, stride }, [x, weights], { inputs }) => {
  const [outputs] = inputs[1].shape;
  return convolveSlices(emitter, { x, shape: inputs[0].shape, depth, stride }, weights, outputs);
};

export const lowerInputGradient: Lowering<"conv3dInputGradient"> = (
  emitter,
  { depth, stride },
  [gradient, weights],
  { inputs, shape: inputShape },
) => {
  const [outputs, channels] = inputs[1].shape;
  if (stride === 1) {
    return convolveSlices(emitter, { x: gradient, shape: inputs[0].shape, depth, stride }, weights, channels, true);
  }
  const block = emitter.options.blockedChannels;
  if (block && !emitter.options.dynamicBatch && channels % block === 0 && outputs % block === 0)
    return spreadByParity(
      emitter,
      { x: gradient, shape: inputs[0].shape, depth: depth / 2, stride },
      weights,
      channels,
      block,
    );
  // Stride 2: a 2-D transposed convolution gives the gradient in the stacked slices [N * D/2, 3, C, H, W]; slice 2k of the
  // input was the middle tap of output k, slice 2k + 1 the upper tap of output k and the lower one of output k + 1.
  const [, , height, width] = inputShape;
  const kernel = stackedKernel(emitter, weights, outputs, channels);
  const stacked = emitter.emit("ConvTranspose", [asPlain(emitter, gradient, inputs[0].shape), kernel], {
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
 * The input gradient of stride 2, `[N * D, O, H, W]` -> `[N * 2 D, C, 2 H, 2 W]`. Along each axis an even voxel has one tap, the middle
 * one, and an odd one the last tap and the first of the next. Voxels of each parity in the plane are channels of one 2x2 convolution, of
 * whose 16 taps seven are zeros; even slices are its products, odd ones the sums of two.
 */
function spreadByParity(
  emitter: Emitter,
  { x, shape, depth }: Slices,
  weights: string,
  channels: number,
  block: number,
): string {
  const [count, outputs, height, width] = shape;
  const blocks = channels / block;
  const padded = emitter.emit("Pad", [weights, emitter.integers([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])]);
  // (parity, tap) along y and x: the middle and none, then the last and the first
  const taps = emitter.integers([1, 3, 2, 0]);
  const byRow = emitter.emit("Gather", [padded, taps], { axis: 3 });
  const byParity = emitter.emit("Gather", [byRow, taps], { axis: 4 });
  const split = emitter.integers([outputs / block, block, blocks, block, 3, 2, 2, 2, 2]);
  // [kz, y parity, x parity, C / b, O / b, y tap, x tap, b (O), b (C)]
  const turned = emitter.emit("Transpose", [emitter.emit("Reshape", [byParity, split])], {
    perm: [4, 5, 7, 2, 0, 6, 8, 1, 3],
  });
  const convolve = (planes: readonly number[]): string => {
    const kernel = emitter.emit("Reshape", [
      emitter.emit("Gather", [turned, emitter.integers(planes)], { axis: 0 }),
      emitter.integers([planes.length * 4 * channels, outputs, 2, 2]),
    ]);
    return blockedConvolution(emitter, [reorderInput(emitter, x, shape), kernel], {
      ...{ kernel_shape: [2, 2], pads: [0, 0, 1, 1], strides: [1, 1] },
    });
  };
  const rowsOf = (value: string): string => emitter.emit("Reshape", [value, emitter.integers([-1, block])]);
  const lines = emitter.emit("Reshape", [
    convolve([2, 0]),
    emitter.integers([count / depth, block, 2 * depth, 4 * blocks * height * width]),
  ]);
  // Rows are (z, kz): the odd slice is the sum of rows 2 z and 2 (z + 1) + 1, zero beyond the last.
  const odd = emitter.emit("BlockedConv", [lines, onesOfRows(emitter, 2, block)], {
    ...{ kernel_shape: [2, 1], pads: [0, 0, 2, 0], strides: [2, 1], dilations: [3, 1] },
    ...{ group: block, auto_pad: "NOTSET" },
  });
  const both = emitter.emit("Concat", [rowsOf(convolve([1])), rowsOf(odd)], { axis: 0 });
  const order = emitter.once(`parities ${shape} ${blocks}`, () => {
    const found = new Int32Array(8 * count * blocks * height * width);
    let i = 0;
    for (let slice = 0; slice < 2 * count; slice++)
      for (let c = 0; c < blocks; c++)
        for (let y = 0; y < 2 * height; y++)
          for (let x = 0; x < 2 * width; x++) {
            const parity = ((slice % 2) * count + Math.floor(slice / 2)) * 4 + (y % 2) * 2 + (x % 2);
            found[i++] = ((parity * blocks + c) * height + Math.floor(y / 2)) * width + Math.floor(x / 2);
          }
    return emitter.integers32(found, [i]);
  });
  const spread = emitter.emit("Gather", [both, order], { axis: 0 });
  const result = { slices: 2 * count, channels, plane: 4 * height * width };
  const value = emitter.emit("Reshape", [spread, emitter.integers([2 * count, channels, 2 * height, 2 * width])]);
  return blockedResult(emitter, value, result, block);
}

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

/** Stacked slices in the blocked layout, the last block filled up with zeros. */
function stackBlocked(emitter: Emitter, { x, shape, depth, stride }: Slices, block: number): string {
  return shape[1] % block === 0
    ? stackNeighbours(emitter, reorderInput(emitter, x, shape), shape, depth, stride) // a third of the values to reorder
    : emitter.emit("ReorderInput", [stackNeighbours(emitter, asPlain(emitter, x, shape), shape, depth, stride)]);
}

/**
 * The 2-D convolution of slices by weights `[O, C, 3, 3, 3]`. With constant weights ONNX Runtime turns Conv into its blocked form by
 * itself; with weights that change at every run it does not, so there the blocked operators are called directly.
 */
function convolveSlices(emitter: Emitter, slices: Slices, given: string, outputs: number, isAdjoint = false): string {
  const { x, shape, depth, stride } = slices;
  const [, channels] = shape;
  const block = emitter.options.blockedChannels;
  const isBlocked = block !== undefined && [3 * channels, outputs].every((count) => count % BLOCKED_MULTIPLE === 0);
  if (isBlocked && stride === 1 && !emitter.options.dynamicBatch)
    return convolveByNeighbours(emitter, slices, { weights: given, outputs, isAdjoint }, block);
  const weights = isAdjoint ? adjointWeights(emitter, given) : given;
  const kernel = stackedKernel(emitter, weights, outputs, channels);
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
  if (!isBlocked) return convolvePlainly();
  const full = [outputs, 3 * channels].map((count) => Math.ceil(count / block) * block);
  const blockedKernel = emitter.emit("Reshape", [
    blockKernel(emitter, fillUp(emitter, kernel, [outputs, 3 * channels, 3, 3], full), full, block),
    emitter.integers([...full, 3, 3]),
  ]);
  const blocked = blockedConvolution(emitter, [stackBlocked(emitter, slices, block), blockedKernel], attributes);
  const plane = (shape[2] * shape[3]) / stride ** 2;
  return blockedResult(emitter, blocked, { slices: shape[0] / stride, channels: outputs, plane }, block);

  function convolvePlainly(): string {
    const planes = stackedPlanes(emitter, channels, outputs);
    const filled = (planes - 3) * channels;
    const padded = filled > 0 ? emitter.emit("Pad", [kernel, emitter.integers([0, 0, 0, 0, 0, filled, 0, 0])]) : kernel;
    const plain = asPlain(emitter, x, shape);
    return emitter.emit("Conv", [stackNeighbours(emitter, plain, shape, depth, stride, planes), padded], attributes);
  }
}

/** Weights of the adjoint: the three kernel axes reversed, input and output channels swapped. */
function adjointWeights(emitter: Emitter, weights: string): string {
  const [last, beforeFirst, axes, step] = [
    [-1, -1, -1],
    [-4, -4, -4],
    [2, 3, 4],
    [-1, -1, -1],
  ];
  const bounds = [last, beforeFirst, axes, step].map((values) => emitter.integers(values));
  return emitter.emit("Transpose", [emitter.emit("Slice", [weights, ...bounds])], { perm: [1, 0, 2, 3, 4] });
}

/** Weights `[O, C, 3, 3, 3]` of a convolution from C to O channels or, adjoint, `[C, O, 3, 3, 3]` of the one that it is the adjoint of. */
interface Weights {
  readonly weights: string;
  readonly outputs: number;
  readonly isAdjoint: boolean;
}

/**
 * Each slice convolved with the three planes of the kernel, `[N * D, 3 O, H, W]`, then what belongs to one slice of the result
 * summed. Three times as many channels at once keep ONNX Runtime's kernel busy, twice as fast for 16, and no slice is copied.
 */
function convolveByNeighbours(emitter: Emitter, { x, shape, depth }: Slices, weights: Weights, block: number): string {
  const [count, channels, height, width] = shape;
  const { outputs } = weights;
  const full = Math.ceil(outputs / block) * block;
  // Less than a block of channels is taken as it is, channel by channel.
  const inputBlock = channels < block ? 1 : block;
  const input = channels < block ? asPlain(emitter, x, shape) : reorderInput(emitter, x, shape);
  const kernel = planesOfKernel(emitter, weights, channels, { block, inputBlock });
  const partial = blockedConvolution(emitter, [input, kernel], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [1, 1],
  });
  // Rows are (z, kz): slice z is the sum of rows 3 (z - 1), 3 z + 1 and 3 (z + 1) + 2, zero beyond the first and the last.
  const rows = emitter.emit("Reshape", [
    partial,
    emitter.integers([count / depth, block, 3 * depth, (full / block) * height * width]),
  ]);
  const summed = emitter.emit("BlockedConv", [rows, onesOfRows(emitter, 3, block)], {
    ...{ kernel_shape: [3, 1], pads: [3, 0, 3, 0], strides: [3, 1], dilations: [4, 1] },
    ...{ group: block, auto_pad: "NOTSET" },
  });
  const blocked = emitter.emit("Reshape", [summed, emitter.integers([count, full, height, width])]);
  return blockedResult(emitter, blocked, { slices: count, channels: outputs, plane: height * width }, block);
}

/**
 * Blocked kernels `[kz, O / b, C / b, (ky, kx), b (input), b (output)]` of a convolution's three planes, as `[3 O, C, 3, 3]`. Reordering
 * brings a block of outputs together, after which rows of a block are moved: ten times as fast as moving every value.
 */
function planesOfKernel(
  emitter: Emitter,
  { weights, outputs, isAdjoint }: Weights,
  channels: number,
  { block, inputBlock }: { readonly block: number; readonly inputBlock: number },
): string {
  const reshape = (name: string, shape: Shape): string => emitter.emit("Reshape", [name, emitter.integers(shape)]);
  const [outputBlocks, inputBlocks] = [Math.ceil(outputs / block), Math.ceil(channels / inputBlock)];
  const inputs = inputBlocks * inputBlock;
  const filled = isAdjoint
    ? fillUp(emitter, weights, [channels, outputs, 3, 3, 3], [inputs, outputs])
    : fillUp(emitter, weights, [outputs, channels, 3, 3, 3], [outputs, inputs]);
  const images = isAdjoint ? [inputs, outputs, 27, 1] : [1, outputs, inputs * 27, 1];
  const rows = emitter.emit("ReorderInput", [reshape(filled, images)]);
  const turned = isAdjoint
    ? emitter.emit("Transpose", [reshape(rows, [inputBlocks, inputBlock, outputBlocks, 3, 9, block])], {
        perm: [3, 2, 0, 4, 1, 5],
      })
    : emitter.emit("Transpose", [reshape(rows, [outputBlocks, inputBlocks, inputBlock, 3, 9, block])], {
        perm: [3, 0, 1, 4, 2, 5],
      });
  const planes = isAdjoint ? reversed(emitter, reversed(emitter, turned, 0, 3), 3, 9) : turned;
  return reshape(planes, [3 * outputBlocks * block, inputs, 3, 3]);
}

function reversed(emitter: Emitter, value: string, axis: number, length: number): string {
  const order = Array.from({ length }, (_, i) => length - 1 - i);
  return emitter.emit("Gather", [value, emitter.integers(order)], { axis });
}

/** The kernel of a convolution that sums rows. */
function onesOfRows(emitter: Emitter, rows: number, block: number): string {
  return emitter.once(`ones of ${rows} rows`, () =>
    emitter.floats(new Float32Array(rows * block).fill(1), [block, 1, rows, 1]),
  );
}

/** Kept in the blocked layout where the channels fill it. */
function blockedResult(emitter: Emitter, value: string, blocks: Blocks, block: number): string {
  return blocks.channels % block === 0 && !emitter.options.keepBlocked && !emitter.options.dynamicBatch
    ? markBlocked(emitter, value, blocks)
    : emitter.emit("ReorderOutput", [value], { channels: blocks.channels });
}

function blockedConvolution(
  emitter: Emitter,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): string {
  return emitter.emit("BlockedConv", inputs, { ...attributes, dilations: [1, 1], group: 1, auto_pad: "NOTSET" });
}

/** Weights whose outputs and inputs are filled up with zeros to whole blocks, which are still twice as fast as the plain operator from half a block on. */
function fillUp(emitter: Emitter, weights: string, shape: Shape, full: readonly number[]): string {
  const filling = full.map((count, axis) => count - shape[axis]);
  if (filling.every((count) => count === 0)) return weights;
  const none = shape.map(() => 0);
  return emitter.emit("Pad", [weights, emitter.integers([...none, ...filling, ...none.slice(2)])]);
}

/** `[O/b, b, I/b, b, ky, kx]` -> `[O/b, I/b, ky, kx, b (input), b (output)]` */
function blockKernel(emitter: Emitter, kernel: string, [outputs, channels]: readonly number[], block: number): string {
  const split = emitter.integers([outputs / block, block, channels / block, block, 3, 3]);
  return emitter.emit("Transpose", [emitter.emit("Reshape", [kernel, split])], { perm: [0, 2, 4, 5, 3, 1] });
}

/** ReorderInput takes channels in fours; half a block of 16 is worth filling up. */
export const BLOCKED_MULTIPLE = 8;
