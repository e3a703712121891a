/**
 * Sums in the blocked layout in as few passes over memory as they can be made in: a 1x1 convolution of each channel by itself scales,
 * shifts, adds and rectifies at once.
 */
import type { Shape } from "../operation.js";
import { markBlocked } from "./blocked-values.js";
import type { Blocks, Emitter } from "./emitter.js";

/** What is added up, by the names of values. */
export interface Sum {
  readonly added: string[];
  /** Values times a scale of each channel, `[C]`. */
  readonly scaled: { readonly x: string; readonly scale: string }[];
  /** Shifts of each channel, `[C]`. */
  readonly shifts: string[];
  /** Images `[M, H W]`, spread over the channels by a scale of each channel of each slice, `[M C]`. */
  readonly spread: { readonly image: string; readonly scale: string }[];
  /** Shifts of each channel of each slice, `[M C]`. */
  readonly sliceShifts: string[];
}

export const emptySum = (): Sum => ({ added: [], scaled: [], shifts: [], spread: [], sliceShifts: [] });

/** One convolution: its input in the shape that its groups need, a weight and perhaps a shift of each output. */
interface Pass {
  readonly x: string;
  readonly shape: Shape;
  readonly weights: string;
  readonly shifts: readonly string[];
  readonly groups: number;
  readonly outputs: number;
}

/** Makes a sum, rectified on request. */
export function makeSum(emitter: Emitter, sum: Sum, blocks: Blocks, isRectified: boolean): string {
  const { slices, channels, plane } = blocks;
  const total = (names: readonly string[]): string => names.reduceRight((a, b) => emitter.emit("Add", [a, b]));
  const reshape = (name: string, shape: Shape): string => emitter.emit("Reshape", [name, emitter.integers(shape)]);
  const passes = passesOf(emitter, sum, blocks);
  const added = sum.added.slice();
  let current: string | undefined;
  // What has no pass of its own to be added in begins the first one, or goes through one that only shifts it.
  if (added.length > 0) current = total(added);
  for (const [i, { x, shape, weights, shifts, groups, outputs }] of passes.entries()) {
    const before = x === "" ? undefined : current;
    const input = x === "" ? current! : x;
    const inputs = [reshape(input, shape), reshape(weights, [outputs, 1, 1, 1])];
    if (shifts.length > 0 || before !== undefined) inputs.push(shifts.length > 0 ? total(shifts) : "");
    if (before !== undefined) inputs.push(reshape(before, [shape[0], outputs, 1, plane]));
    const isLast = i === passes.length - 1;
    current = emitter.emit("BlockedConv", inputs, {
      ...{ kernel_shape: [1, 1], pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1], group: groups },
      ...{ auto_pad: "NOTSET", ...(isRectified && isLast && { activation: "Relu" }) },
    });
  }
  if (isRectified && passes.length === 0) current = emitter.emit("Relu", [current!]);
  return markBlocked(emitter, current!, { slices, channels, plane });
}

/** Every convolution that a sum takes; one whose input is "" takes what has been summed before it. */
function passesOf(emitter: Emitter, sum: Sum, { slices, channels, plane }: Blocks): Pass[] {
  const { scaled, shifts, spread, sliceShifts } = sum;
  const ofChannels = { shape: [slices, channels, 1, plane], groups: channels, outputs: channels };
  const ofSlices = { shape: [1, slices * channels, 1, plane], groups: slices * channels, outputs: slices * channels };
  const ofImages = { shape: [1, slices, 1, plane], groups: slices, outputs: slices * channels };
  const isLast = (list: readonly unknown[], i: number): boolean => i === list.length - 1;
  return [
    ...scaled.map(({ x, scale }, i) => ({ ...ofChannels, x, weights: scale, shifts: isLast(scaled, i) ? shifts : [] })),
    ...(scaled.length === 0 && shifts.length > 0
      ? [{ ...ofChannels, x: "", weights: ones(emitter, channels), shifts }]
      : []),
    ...spread.map(({ image, scale }, i) => ({
      ...ofImages,
      ...{ x: image, weights: scale, shifts: isLast(spread, i) ? sliceShifts : [] },
    })),
    ...(spread.length === 0 && sliceShifts.length > 0
      ? [{ ...ofSlices, x: "", weights: ones(emitter, slices * channels), shifts: sliceShifts }]
      : []),
  ];
}

export function ones(emitter: Emitter, count: number): string {
  return emitter.once(`ones ${count}`, () => emitter.floats(new Float32Array(count).fill(1), [count]));
}

/** A value of each channel of each of so many volumes, for each of their slices: `[M C]`. */
export function repeatForSlices(emitter: Emitter, name: string, volumes: number, { slices, channels }: Blocks): string {
  const split = emitter.emit("Reshape", [name, emitter.integers([volumes, 1, channels])]);
  const repeated = emitter.emit("Expand", [split, emitter.integers([volumes, slices / volumes, channels])]);
  return emitter.emit("Reshape", [repeated, emitter.integers([slices * channels])]);
}
