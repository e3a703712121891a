/** Upsampling and pooling by 2 along z, y, x of slices `[N * D, C, H, W]`. */
import type { Shape } from "../operation.js";
import type { Emitter } from "./emitter.js";

export function lowerUpsample(emitter: Emitter, x: string, shape: Shape, depth: number): string {
  const [, channels, height, width] = shape as [number, number, number, number];
  // In the plane first: repeat columns, then rows; then slices along z by a gather.
  const wide = emitter.emit("Resize", [x, "", emitter.floats(Float32Array.of(1, 1, 2, 2), [4])], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  const planes = emitter.reshape(wide, [-1, depth, channels * height * width * 4]);
  const repeated = Array.from({ length: 2 * depth }, (_, z) => Math.floor(z / 2));
  return emitter.reshape(emitter.emit("Gather", [planes, emitter.integers(repeated)], { axis: 1 }), [
    -1,
    channels,
    2 * height,
    2 * width,
  ]);
}

export function lowerSumPool(emitter: Emitter, x: string, shape: Shape): string {
  const [, channels, height, width] = shape as [number, number, number, number];
  const planes = emitter.emit("AveragePool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const pairs = emitter.reshape(planes, [-1, 2, (channels * height * width) / 4]);
  const means = emitter.emit("ReduceSum", [pairs, emitter.integers([1])], { keepdims: 1 });
  const scaled = emitter.emit("Mul", [means, emitter.floats(Float32Array.of(4), [])]);
  return emitter.reshape(scaled, [-1, channels, height / 2, width / 2]);
}

export function lowerMaxPool(emitter: Emitter, x: string, shape: Shape): string {
  const [, channels, height, width] = shape as [number, number, number, number];
  const planes = emitter.emit("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const pairs = emitter.reshape(planes, [-1, 2, (channels * height * width) / 4]);
  const maxima = emitter.emit("ReduceMax", [pairs], { axes: [1], keepdims: 1 });
  return emitter.reshape(maxima, [-1, channels, height / 2, width / 2]);
}
