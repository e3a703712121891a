/** Resampling in 8 bits. */
import type { Shape } from "../../operation.js";
import type { Emitter } from "../emitter.js";
import { type Packed, parameters } from "./values.js";

/** `[N * D, H, W, C]` with every voxel repeated along the three axes; `shape` is the plain shape of the result. */
export function upsample(emitter: Emitter, x: string, depth: number, [, channels, height, width]: Shape): string {
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
export function sumPool(emitter: Emitter, x: Packed, depth: number, [, channels, height, width]: Shape): Packed {
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
