/** What tensors are beside values of so many slices, channels and voxels. */
import { elementCount } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Blocks } from "./emitter.js";

/** Slices `[M, C, ...]` */
export function isOfSlices({ shape }: Tensor, { slices, channels }: Blocks): boolean {
  return shape.length >= 3 && shape[0] === slices && shape[1] === channels;
}

/** Volumes `[N, depth, C, H W]` */
export function isOfVolumes({ shape }: Tensor, { slices, channels }: Blocks): boolean {
  return shape.length === 4 && shape[0] * shape[1] === slices && shape[2] === channels;
}

/** A value of each channel, `[1, C, 1, 1]` */
export function isOfChannels({ shape }: Tensor, { channels }: Blocks): boolean {
  return shape.length === 4 && shape[1] === channels && elementCount(shape) === channels;
}

/** A value of each channel of each volume, repeated for all its voxels: `[N, 1, C, 1]` expanded. */
export function isRepeated({ operation, inputs: [x] }: Tensor, { channels }: Blocks): boolean {
  return operation.kind === "expand" && x.shape.length === 4 && elementCount(x.shape) === x.shape[0] * channels;
}

/** A value of each channel of each volume plus one of each voxel: `[N, 1, C, 1] + [N, D, 1, H W]`, D > 1. */
export function isGate({ operation, inputs, shape }: Tensor): boolean {
  if (operation.kind !== "add" || shape.length !== 4) return false;
  const [count, depth, channels, plane] = shape;
  const shapes = inputs.map((input) => input.shape.join());
  const wanted = [[count, 1, channels, 1].join(), [count, depth, 1, plane].join()];
  return depth > 1 && channels > 1 && wanted.every((each) => shapes.includes(each));
}

/** Scales `[1, C]` or `[M, C, 1]` times an image of each slice `[M, H W]`. */
export function isOuterProduct({ operation, inputs: [a, b], shape }: Tensor): boolean {
  if (operation.kind !== "matmul" || shape.length !== 3) return false;
  const inner = a.shape[a.shape.length - (operation.transposeA ? 2 : 1)];
  return inner === 1 && elementCount(b.shape) === shape[0] * shape[2];
}

/** `[M, C, H, W]` times a value of each channel. */
export function isScaling({ operation, inputs, shape }: Tensor): boolean {
  const wanted = [1, shape[1], 1, 1].join();
  return operation.kind === "multiply" && shape.length === 4 && inputs.some((input) => input.shape.join() === wanted);
}

/** Slices `[M, C, H, W]` times others. */
export function isProduct({ operation, inputs, shape }: Tensor): boolean {
  return operation.kind === "multiply" && shape.length === 4 && inputs.every((x) => x.shape.join() === shape.join());
}
