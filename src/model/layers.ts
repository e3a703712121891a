/** Building blocks shared by the networks; activations are slices `[N * depth, C, H, W]`. */
import { op, type Tensor } from "../graph/index.js";
import type { Layers } from "./parameters.js";

/** Fully connected layer `[N, F] -> [N, O]`. */
export function dense(layers: Layers, name: string, x: Tensor, outputs: number, gain = 2): Tensor {
  const inputs = x.shape[1]!;
  const weights = layers.parameter(`${name}.weights`, [outputs, inputs], { fanIn: inputs, gain });
  const bias = layers.parameter(`${name}.bias`, [outputs], 0);
  return op.add(op.matmul(x, weights, { transposeB: true }), bias);
}

/** 1x1x1 convolution `[M, C, H, W] -> [M, O, H, W]`. */
export function pointwise(layers: Layers, name: string, x: Tensor, outputs: number): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const weights = layers.parameter(`${name}.weights`, [outputs, channels], { fanIn: channels, gain: 1 });
  const bias = layers.parameter(`${name}.bias`, [1, outputs, 1, 1], 0);
  const mixed = op.matmul(weights, op.reshape(x, [-1, channels, height * width]));
  return op.add(op.reshape(mixed, [-1, outputs, height, width]), bias);
}

/** Mean over each volume's voxels: `[N * depth, C, H, W] -> [N, C]`. */
export function globalMean(x: Tensor, depth: number): Tensor {
  return op.reshape(op.mean(byVolume(x, depth), [1, 3]), [-1, x.shape[1]!]);
}

/** Maximum over each volume's voxels: `[N * depth, C, H, W] -> [N, C]`. */
export function globalMax(x: Tensor, depth: number): Tensor {
  return op.reshape(op.max(byVolume(x, depth), [1, 3]), [-1, x.shape[1]!]);
}

/** `[N * depth, C, H, W] -> [N, depth, C, H W]` */
function byVolume(x: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  return op.reshape(x, [-1, depth, channels, height * width]);
}

/** Sum over voxels of features times a weight map: `[N * depth, C, H, W]`, `[N * depth, 1, H, W]` -> `[N, C]`. */
export function weightedSum(x: Tensor, weights: Tensor, depth: number): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
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
  const channels = x.shape[1]!;
  const squeezed = op.relu(dense(layers, `${name}.squeeze`, globalMean(x, depth), Math.floor(channels / 2)));
  const excited = op.sigmoid(dense(layers, `${name}.excite`, squeezed, channels, 1));
  const channelGate = op.reshape(excited, [-1, 1, channels, 1]);
  const spatial = op.sigmoid(pointwise(layers, `${name}.spatial`, x, 1));
  const spatialGate = byVolume(spatial, depth);
  const gate =
    combine === "add"
      ? op.add(channelGate, spatialGate)
      : // max(a, b) = b + relu(a - b); F >= 0 after ReLU, so gating by the larger gate is the larger gated feature
        op.add(spatialGate, op.relu(op.subtract(channelGate, spatialGate)));
  return op.reshape(op.multiply(byVolume(x, depth), gate), x.shape);
}

/** Volumes `[N, D, H, W]` -> slices of 2x2x2 cells `[N * D/2, 8, H/2, W/2]`, channel = (z, y, x) within the cell. */
export function spaceToDepth(volumes: Tensor): Tensor {
  const [count, depth, height, width] = volumes.shape as [number, number, number, number];
  const cells = op.reshape(volumes, [count, depth / 2, 2, height / 2, 2, width / 2, 2]);
  return op.reshape(op.transpose(cells, [0, 1, 2, 4, 6, 3, 5]), [(count * depth) / 2, 8, height / 2, width / 2]);
}

/** The inverse of `spaceToDepth`; `depth` is that of the slices. */
export function depthToSpace(slices: Tensor, depth: number): Tensor {
  const [count, , height, width] = slices.shape as [number, number, number, number];
  const cells = op.reshape(slices, [count / depth, depth, 2, 2, 2, height, width]);
  return op.reshape(op.transpose(cells, [0, 1, 2, 5, 3, 6, 4]), [count / depth, 2 * depth, 2 * height, 2 * width]);
}
