/** Values in 8 bits, and what is done to them as they are. */
import type { Shape } from "../../operation.js";
import { elementCount } from "../../shape.js";
import type { Emitter } from "../emitter.js";

/** A value in 8 bits: scale * (whole number - zero). The axes of its shape without the channels, then the channels. */
export interface Packed {
  readonly value: string;
  readonly scale: number;
  readonly zero: number;
  readonly axis: number;
}

/** The largest whole number of 8 bits without a sign. */
export const LARGEST = 255;

/** The axes of a shape with the channels last. */
export const channelsLast = (rank: number, axis: number): number[] => [
  ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis),
  axis,
];
export const lastOf = (shape: Shape, axis: number): number[] => channelsLast(shape.length, axis).map((at) => shape[at]);

export function scaleOfRange(low: number, high: number): Pick<Packed, "scale" | "zero"> {
  const least = Math.min(low, 0);
  const scale = Math.fround(Math.max(high - least, 1e-6) / LARGEST);
  return { scale, zero: Math.round(-least / scale) };
}

/** Scale and zero as ONNX's operators take them. */
export function parameters(emitter: Emitter, { scale, zero }: Pick<Packed, "scale" | "zero">): [string, string] {
  return [
    emitter.once(`scale ${scale}`, () => emitter.floats(Float32Array.of(scale), [])),
    emitter.once(`zero ${zero}`, () => emitter.integers8(Uint8Array.of(zero), [])),
  ];
}

/** In float32, channels last. */
export function floats(emitter: Emitter, packed: Packed): string {
  return emitter.once(`floats ${packed.value}`, () =>
    emitter.emit("DequantizeLinear", [packed.value, ...parameters(emitter, packed)]),
  );
}

/** In float32, `[volumes, voxels, channels]`; `shape` is its own, volumes first. */
export function flatVoxels(emitter: Emitter, packed: Packed, shape: Shape): string {
  const [volumes, channels] = [shape[0], shape[packed.axis]];
  const value = emitter.reshape(packed.value, [volumes, elementCount(shape) / volumes / channels, channels]);
  return floats(emitter, { ...packed, value });
}

/** In float32 and its own shape. */
export function unpack(emitter: Emitter, packed: Packed, shape: Shape): string {
  const last = channelsLast(shape.length, packed.axis);
  const perm = last.map((_, axis) => last.indexOf(axis));
  return emitter.emit("Transpose", [floats(emitter, packed)], { perm });
}

export function combine(
  emitter: Emitter,
  how: "QLinearAdd" | "QLinearMul",
  a: Omit<Packed, "axis">,
  b: Omit<Packed, "axis">,
  output: Pick<Packed, "scale" | "zero">,
): string {
  const inputs = [a, b].flatMap((one) => [one.value, ...parameters(emitter, one)]);
  return emitter.emit(how, [...inputs, ...parameters(emitter, output)]);
}
