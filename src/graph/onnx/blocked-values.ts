/** Values in ONNX Runtime's blocked layout `[slices, channels / block, plane, block]`, whose ONNX shape is `[slices, channels, 1, plane]`. */
import type { Shape } from "../operation.js";
import type { Blocks, Emitter } from "./emitter.js";

/** Remembers that a value `[slices, channels, height, width]` is blocked; returns its name. */
export function markBlocked(emitter: Emitter, value: string, { slices, channels, plane }: Blocks): string {
  const name = emitter.emit("Reshape", [value, emitter.integers([slices, channels, 1, plane])]);
  emitter.blocked.set(name, { slices, channels, plane });
  return name;
}

/** Slices `[M, C, H, W]` in the blocked layout, the last block filled up with zeros. */
export function reorderInput(emitter: Emitter, x: string, [slices, channels, height, width]: Shape): string {
  if (emitter.blocked.has(x)) return emitter.emit("Reshape", [x, emitter.integers([slices, channels, height, width])]);
  return emitter.once(`blocked ${x}`, () => emitter.emit("ReorderInput", [x]));
}

/** The value in the plain layout, in its tensor's shape. */
export function asPlain(emitter: Emitter, x: string, shape: Shape): string {
  const blocks = emitter.blocked.get(x);
  if (blocks === undefined) return x;
  const plain = emitter.once(`plain ${x}`, () => emitter.emit("ReorderOutput", [x], { channels: blocks.channels }));
  return emitter.once(`plain ${x} as ${shape}`, () => emitter.emit("Reshape", [plain, emitter.integers(shape)]));
}
