/**
 * The two inner loops of projection and back-projection as a WebAssembly module of a few hundred bytes, assembled here: four
 * rows y side by side fit its 128-bit vectors, and JavaScript has none. Every environment we run in has had them since 2021.
 *
 * Both walk one line of voxels. `planes` and `end` are the byte addresses of its first voxel and past its last, `line` that of
 * the tilt's samples; voxels and samples are four floats. `place` is where the first voxel projects, in samples, `step` how far
 * the next one is. With `below = floor(place)` and `share = place - below`:
 *
 *     project:      line[below] += (1 - share) voxel,  line[below + 1] += share voxel
 *     backProject:  voxel += (1 - share) line[below] + share line[below + 1]
 */
export interface ProjectKernel {
  project(planes: number, line: number, end: number, place: number, step: number): void;
  backProject(planes: number, line: number, end: number, place: number, step: number): void;
}

export function createProjectKernel(memory: WebAssembly.Memory): ProjectKernel {
  module ??= new WebAssembly.Module(assemble());
  // The exports are the two functions that the module defines.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ProjectKernel;
}

let module: WebAssembly.Module | undefined;

const [I32, F64, V128] = [0x7f, 0x7c, 0x7b];
// Parameters in order, then locals.
const [PLANES, LINE, END, PLACE, STEP, SAMPLE, SHARE, VALUE, ROUNDED] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const integer = (value: number) => [0x41, value]; // below 64: one byte
const [addI32, shiftLeft, lessUnsigned] = [[0x6a], [0x74], [0x49]];
const [addF64, subtractF64, toF32, bitsOfF64, lowBits] = [[0xa0], [0xa1], [0xb6], [0xbd], [0xa7]];
const real = (value: number) => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)]; // on the little-endian machines of today
const splat = [0xfd, 0x13];
const [addVector, subtractVector, multiplyVector] = [
  [0xfd, 0xe4, 0x01],
  [0xfd, 0xe5, 0x01],
  [0xfd, 0xe6, 0x01],
];
/** Of 16 bytes at an address that is a multiple of 16 (2^4). */
const load = (offset = 0) => [0xfd, 0x00, 4, offset];
const store = (offset = 0) => [0xfd, 0x0b, 4, offset];

/**
 * SAMPLE becomes the address of the sample below, SHARE four times the share of the one above. A number between 0 and 2^31 plus
 * 2^52 has its nearest whole number in its low bits, so `below` is that of place - 1/2: the loop runs four times as fast as with the truncating
 * instruction with its checks. At ties the whole number may be one less; the share is 1 then, which is the same.
 */
const locate = [
  ...[...get(PLACE), ...real(0.5), ...subtractF64, ...real(2 ** 52), ...addF64, ...tee(ROUNDED)],
  ...[...bitsOfF64, ...lowBits, ...integer(4), ...shiftLeft, ...get(LINE), ...addI32, ...set(SAMPLE)],
  ...[
    ...get(PLACE),
    ...get(ROUNDED),
    ...real(2 ** 52),
    ...subtractF64,
    ...subtractF64,
    ...toF32,
    ...splat,
    ...set(SHARE),
  ],
];

const projectVoxel = [
  ...[...get(PLANES), ...load(), ...tee(VALUE), ...get(SHARE), ...multiplyVector, ...set(SHARE)], // now the part above
  ...[
    ...get(SAMPLE),
    ...get(SAMPLE),
    ...load(),
    ...get(VALUE),
    ...get(SHARE),
    ...subtractVector,
    ...addVector,
    ...store(),
  ],
  ...[...get(SAMPLE), ...get(SAMPLE), ...load(16), ...get(SHARE), ...addVector, ...store(16)],
];

const backProjectVoxel = [
  ...[...get(PLANES), ...get(PLANES), ...load(), ...get(SAMPLE), ...load(), ...tee(VALUE), ...addVector],
  ...[
    ...get(SAMPLE),
    ...load(16),
    ...get(VALUE),
    ...subtractVector,
    ...get(SHARE),
    ...multiplyVector,
    ...addVector,
    ...store(),
  ],
];

const advance = [
  ...[...get(PLACE), ...get(STEP), ...addF64, ...set(PLACE)],
  ...[...get(PLANES), ...integer(16), ...addI32, ...tee(PLANES), ...get(END), ...lessUnsigned],
];

/** do { voxel } while (PLANES < END), with its locals: one i32, two vectors, one f64. */
function walk(voxel: readonly number[]): number[] {
  const locals = [3, 1, I32, 2, V128, 1, F64];
  const body = [...locals, 0x03, 0x40, ...locate, ...voxel, ...advance, 0x0d, 0, 0x0b, 0x0b];
  return [...size(body.length), ...body];
}

/** Unsigned LEB128. */
function size(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...size(value >> 7)];
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

/** The binary format of the WebAssembly core specification 2.0: types, imports, functions, exports, code. */
function assemble(): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: readonly number[]) => [id, ...size(content.length), ...content];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, I32, I32, I32, F64, F64, 0]),
    ...section(2, [1, ...text("env"), ...text("memory"), 2, 0, 0]),
    ...section(3, [2, 0, 0]),
    ...section(7, [2, ...text("project"), 0, 0, ...text("backProject"), 0, 1]),
    ...section(10, [2, ...walk(projectVoxel), ...walk(backProjectVoxel)]),
  ]);
}
