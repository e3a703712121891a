/** Upsampling and pooling by 2 along z, y, x of slices `[N * D, C, H, W]`. */
import type { Shape } from "../operation.js";
import type { Emitter, Lowering } from "./emitter.js";

export const lowerUpsample: Lowering<"upsample"> = (emitter, { depth }, [x], { shape }) => {
  const [, channels, height, width] = shape;
  // In the plane first: repeat columns, then rows; then slices along z by a gather.
  const wide = emitter.emit("Resize", [x, "", emitter.floats(Float32Array.of(1, 1, 2, 2), [4])], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
  const planes = emitter.reshape(wide, [-1, depth, channels * height * width]);
  const repeated = Array.from({ length: 2 * depth }, (_, z) => Math.floor(z / 2));
  return emitter.reshape(emitter.emit("Gather", [planes, emitter.integers(repeated)], { axis: 1 }), shape);
};

export const lowerSumPool: Lowering<"sumPool"> = (emitter, _, [x], { shape }) => {
  const pairs = pooledPlanes(emitter, "AveragePool", x, shape);
  const means = emitter.emit("ReduceSum", [pairs, emitter.integers([1])], { keepdims: 1 });
  const scaled = emitter.emit("Mul", [means, emitter.floats(Float32Array.of(4), [])]);
  return emitter.reshape(scaled, shape);
};

export const lowerMaxPool: Lowering<"maxPool"> = (emitter, _, [x], { shape }) => {
  const pairs = pooledPlanes(emitter, "MaxPool", x, shape);
  return emitter.reshape(emitter.emit("ReduceMax", [pairs], { axes: [1], keepdims: 1 }), shape);
};

/** Slices pooled within their planes, in pairs along z: `[N * D / 2, 2, C H W / 4]`; `[, C, H / 2, W / 2]` is the result's shape. */
function pooledPlanes(emitter: Emitter, pool: string, x: string, [, channels, height, width]: Shape): string {
  const planes = emitter.emit(pool, [x], { kernel_shape: [2, 2], strides: [2, 2] });
  return emitter.reshape(planes, [-1, 2, channels * height * width]);
}
