/** Building blocks shared by the networks; activations are slices `[N * depth, C, H, W]`. */
import { op, type Tensor } from "../graph/index.js";
import type { Layers } from "./parameters.js";

/** Fully connected layer `[N, F] -> [N, O]`. */
export function dense(layers: Layers, name: string, x: Tensor, outputs: number, gain = 2): Tensor {
  const inputs = x.shape[1];
  const weights = layers.parameter(`${name}.weights`, [outputs, inputs], { fanIn: inputs, gain });
  const bias = layers.parameter(`${name}.bias`, [outputs], 0);
  return op.add(op.matmul(x, weights, { transposeB: true }), bias);
}

/** 3x3x3 convolution with bias `[N * depth, C, H, W] -> [N * depth, O, H, W]`. */
export function convolution(layers: Layers, name: string, x: Tensor, outputs: number, depth: number): Tensor {
  const channels = x.shape[1];
  const initial = { fanIn: channels * 27, gain: 2 };
  const weights = layers.parameter(`${name}.weights`, [outputs, channels, 3, 3, 3], initial);
  const bias = layers.parameter(`${name}.bias`, [1, outputs, 1, 1], 0);
  return op.add(op.conv3d(x, weights, depth), bias);
}

/** Two 3x3x3 convolutions with batch norm around which the input is added (He et al. 2016); the same shape comes out. */
function residual(layers: Layers, name: string, x: Tensor, depth: number): Tensor {
  const width = x.shape[1];
  const inner = op.relu(layers.convNorm(`${name}.first`, x, width, depth));
  return op.relu(op.add(x, layers.convNorm(`${name}.second`, inner, width, depth)));
}

/**
 * Transposed 2x2x2 convolution with stride 2, `[N * depth, C, H, W] -> [N * 2 depth, O, 2H, 2W]`: each voxel becomes a cell of
 * eight, a matrix product away. The weights are `[C, O, 2, 2, 2]`, as a transposed convolution's usually are.
 */
export function transposedConvolution(layers: Layers, name: string, x: Tensor, outputs: number, depth: number): Tensor {
  const [, channels, height, width] = x.shape;
  const weights = layers.parameter(`${name}.weights`, [channels, outputs, 2, 2, 2], { fanIn: channels, gain: 1 });
  const bias = layers.parameter(`${name}.bias`, [1, outputs, 1, 1], 0);
  const cells = op.matmul(op.reshape(weights, [channels, outputs * 8]), op.reshape(x, [-1, channels, height * width]), {
    transposeA: true,
  });
  // [N, z, O, (z, y, x) in the cell, y, x] -> [N, z, z in the cell, O, y, y in the cell, x, x in the cell]
  const split = op.reshape(cells, [-1, depth, outputs, 2, 2, 2, height, width]);
  const joined = op.transpose(split, [0, 1, 3, 2, 6, 4, 7, 5]);
  return op.add(op.reshape(joined, [-1, outputs, 2 * height, 2 * width]), bias);
}

/** All features of each volume in a row, channel by channel: `[N * depth, C, H, W] -> [N, C depth H W]`. */
export function flatten(x: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape;
  return op.reshape(op.transpose(byVolume(x, depth), [0, 2, 1, 3]), [-1, channels * depth * height * width]);
}

/** 1x1x1 convolution `[M, C, H, W] -> [M, O, H, W]`. */
export function pointwise(layers: Layers, name: string, x: Tensor, outputs: number): Tensor {
  const [, channels, height, width] = x.shape;
  const weights = layers.parameter(`${name}.weights`, [outputs, channels], { fanIn: channels, gain: 1 });
  const bias = layers.parameter(`${name}.bias`, [1, outputs, 1, 1], 0);
  const mixed = op.matmul(weights, op.reshape(x, [-1, channels, height * width]));
  return op.add(op.reshape(mixed, [-1, outputs, height, width]), bias);
}

/** Slices at the edge of the input, half and a quarter of it. */
export interface Encoded {
  readonly fine: Tensor;
  readonly middle: Tensor;
  readonly deep: Tensor;
}

/**
 * A convolution, then three levels of `blocks` residual blocks at `widths` channels, the second and third begun by a
 * convolution with stride 2; on request with DuSE at the end of each.
 */
export function encodeLevels(
  layers: Layers,
  config: { readonly widths: readonly number[]; readonly blocks: readonly number[]; readonly duse: boolean },
  x: Tensor,
  edge: number,
): Encoded {
  const { widths, blocks } = config;
  const level = (index: number, input: Tensor, depth: number): Tensor => {
    const name = `level${index + 1}`;
    let out = input;
    for (let block = 1; block <= blocks[index]; block++) out = residual(layers, `${name}.block${block}`, out, depth);
    return config.duse ? duse(layers, `${name}.duse`, out, depth) : out;
  };
  const fine = level(0, op.relu(layers.convNorm("stem", x, widths[0], edge)), edge);
  const middle = level(1, op.relu(layers.convNorm("down1", fine, widths[1], edge, 2)), edge / 2);
  const deep = level(2, op.relu(layers.convNorm("down2", middle, widths[2], edge / 2, 2)), edge / 4);
  return { fine, middle, deep };
}

/** One level up a decoder: `[N * depth, C, H, W]` upsampled by 2, added to the encoder's `skip`, and convolved at its width. */
export function decodeLevel(layers: Layers, name: string, x: Tensor, skip: Tensor, depth: number): Tensor {
  const width = skip.shape[1];
  const joined = op.add(op.upsample(pointwise(layers, `${name}.mix`, x, width), depth), skip);
  return op.relu(layers.convNorm(name, joined, width, depth * 2));
}

/** Mean over each volume's voxels: `[N * depth, C, H, W] -> [N, C]`. */
export function globalMean(x: Tensor, depth: number): Tensor {
  return op.reshape(op.mean(byVolume(x, depth), [1, 3]), [-1, x.shape[1]]);
}

/** Maximum over each volume's voxels: `[N * depth, C, H, W] -> [N, C]`. */
export function globalMax(x: Tensor, depth: number): Tensor {
  return op.reshape(op.max(byVolume(x, depth), [1, 3]), [-1, x.shape[1]]);
}

/** `[N * depth, C, H, W] -> [N, depth, C, H W]` */
function byVolume(x: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape;
  return op.reshape(x, [-1, depth, channels, height * width]);
}

/** Sum over voxels of features times a weight map: `[N * depth, C, H, W]`, `[N * depth, 1, H, W]` -> `[N, C]`. */
export function weightedSum(x: Tensor, weights: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape;
  const perSlice = op.matmul(
    op.reshape(x, [-1, channels, height * width]),
    op.reshape(weights, [-1, height * width, 1]),
  );
  return op.reshape(op.sum(op.reshape(perSlice, [-1, depth, channels]), [1]), [-1, channels]);
}

/**
 * Dual squeeze-and-excitation (paper, section 2): channel gate s(w2 relu(w1 mean(F))) and spatial gate s(w3 * F), each
 * applied to F; combined by addition as the paper says, or by the larger of the two as the authors' code does.
 */
export function duse(layers: Layers, name: string, x: Tensor, depth: number, combine: "add" | "max" = "add"): Tensor {
  const channels = x.shape[1];
  const squeezed = op.relu(dense(layers, `${name}.squeeze`, globalMean(x, depth), Math.floor(channels / 2)));
  const excited = op.sigmoid(dense(layers, `${name}.excite`, squeezed, channels, 1));
  const channelGate = op.reshape(excited, [-1, 1, channels, 1]);
  const spatial = op.sigmoid(pointwise(layers, `${name}.spatial`, x, 1));
  const spatialGate = byVolume(spatial, depth);
  const features = byVolume(x, depth);
  if (combine === "add") return op.reshape(op.multiply(features, op.add(channelGate, spatialGate)), x.shape);
  // max(a, b) = b + relu(a - b)
  const bySpace = op.multiply(features, spatialGate);
  const larger = op.add(bySpace, op.relu(op.subtract(op.multiply(features, channelGate), bySpace)));
  return op.reshape(larger, x.shape);
}

/**
 * Volumes `[N, D, H, W]` -> slices of cells of `cell`^3 voxels `[N * D / cell, cell^3, H / cell, W / cell]`, channel = (z, y, x) within
 * the cell. Cells of one voxel are plain slices.
 */
export function spaceToDepth(volumes: Tensor, cell = 2): Tensor {
  const [count, ...lengths] = volumes.shape;
  const [depth, height, width] = lengths.map((length) => length / cell);
  const slices = [count * depth, cell ** 3, height, width];
  if (cell === 1) return op.reshape(volumes, slices);
  // Two axes at a time: ONNX Runtime moves one axis ten times as fast as several at once.
  const rows = op.transpose(op.reshape(volumes, [-1, height, cell, width * cell]), [0, 2, 1, 3]);
  return op.reshape(op.transpose(op.reshape(rows, [-1, height * width, cell]), [0, 2, 1]), slices);
}

/** The edge of the cells that are the channels of `slices`. */
export const cellEdge = (slices: Tensor): number => Math.round(Math.cbrt(slices.shape[1]));

/** The inverse of `spaceToDepth` onto volumes of `edge`^3 voxels. */
export function depthToSpace(slices: Tensor, edge: number): Tensor {
  const cell = cellEdge(slices);
  const depth = edge / cell;
  const [count, , height, width] = slices.shape;
  const volumes = [count / depth, edge, cell * height, cell * width];
  if (cell === 1) return op.reshape(slices, volumes);
  const rows = op.transpose(op.reshape(slices, [-1, cell, height * width]), [0, 2, 1]);
  return op.reshape(op.transpose(op.reshape(rows, [-1, cell, height, width * cell]), [0, 2, 1, 3]), volumes);
}
