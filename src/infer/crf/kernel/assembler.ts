/**
 * As much of WebAssembly's binary format (core specification 2.0) as the kernels of this folder are written in. Instructions are lists
 * of bytes, locals are numbers, the parameters first; all parameters are 32-bit integers.
 */
export type Code = readonly number[];

/** A function without a result, exported by its name. */
export interface KernelFunction {
  readonly name: string;
  readonly parameters: number;
  /** Locals besides the parameters: integers first, then vectors. */
  readonly integers?: number;
  readonly vectors?: number;
  readonly body: Code;
}

const [I32, V128] = [0x7f, 0x7b];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const integer = (value: number): Code => [0x41, ...signed(value)];
export const i32 = { add: [0x6a], subtract: [0x6b], times: [0x6c], load16: [0x2f, 1, 0] } as const;
export const f32 = { add: [0x92], times: [0x94], load: [0x2a, 2, 0], store: [0x38, 2, 0] } as const;
export const vector = {
  load: (offset = 0): Code => [0xfd, 0x00, 2, ...size(offset)],
  loadSplat: [0xfd, 0x09, 2, 0],
  store: (offset = 0): Code => [0xfd, 0x0b, 2, ...size(offset)],
  splat: [0xfd, 0x13],
  lane: (index: number): Code => [0xfd, 0x1f, index],
  shuffle: (lanes: readonly number[]): Code => [0xfd, 0x0d, ...lanes],
  integers: (value: number): Code => [0xfd, 0x0c, ...four(Int32Array.of(value))],
  floats: (value: number): Code => [0xfd, 0x0c, ...four(Float32Array.of(value))],
  add: [0xfd, 0xe4, 0x01],
  subtract: [0xfd, 0xe5, 0x01],
  times: [0xfd, 0xe6, 0x01],
  divide: [0xfd, 0xe7, 0x01],
  lower: [0xfd, 0xe8, 0x01],
  higher: [0xfd, 0xe9, 0x01],
  magnitude: [0xfd, 0xe0, 0x01],
  nearest: [0xfd, 0x6a],
  toInteger: [0xfd, 0xf8, 0x01],
  toFloat: [0xfd, 0xfa, 0x01],
  and: [0xfd, 0x4e],
  addIntegers: [0xfd, 0xae, 0x01],
  subtractIntegers: [0xfd, 0xb1, 0x01],
  shiftLeft: [0xfd, 0xab, 0x01],
  shiftRight: [0xfd, 0xac, 0x01],
} as const;

/** Adds to an integer local: a number, or another local. */
export const forward = (local: number, bytes: number): Code => [
  ...[...get(local), ...integer(bytes), ...i32.add, ...set(local)],
];
export const forwardBy = (local: number, other: number): Code => [
  ...[...get(local), ...get(other), ...i32.add, ...set(local)],
];
/** do { body } while (place < end) */
export const until = (place: number, end: number, body: Code): Code => [
  ...[0x03, 0x40, ...body],
  ...[...get(place), ...get(end), 0x49, 0x0d, 0, 0x0b],
];
/** while (place < end) { body } */
export const whileBelow = (place: number, end: number, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40, ...get(place), ...get(end), 0x4f, 0x0d, 1],
  ...[...body, 0x0c, 0, 0x0b, 0x0b],
];

/** A module of these functions over an imported memory `env.memory`. */
export function assemble(functions: readonly KernelFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, items: readonly Code[]) => {
    const content = [...size(items.length), ...items.flat()];
    return [id, ...size(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [0x60, parameters, ...new Array<number>(parameters).fill(I32), 0]),
    ),
    ...section(2, [[...text("env"), ...text("memory"), 2, 0, 0]]),
    ...section(
      3,
      functions.map((_, i) => [i]),
    ),
    ...section(
      7,
      functions.map(({ name }, i) => [...text(name), 0, i]),
    ),
    ...section(
      10,
      functions.map(({ integers = 0, vectors = 0, body }) => {
        const content = [2, ...size(integers), I32, ...size(vectors), V128, ...body, 0x0b];
        return [...size(content.length), ...content];
      }),
    ),
  ]);
}

function four(value: Int32Array | Float32Array): number[] {
  const bytes = new Uint8Array(value.buffer);
  return [...bytes, ...bytes, ...bytes, ...bytes];
}

/** Unsigned LEB128. */
function size(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...size(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}
