/**
 * The inner loops of separable filtering, four or sixteen floats at a time, as a WebAssembly module of some hundred bytes assembled
 * here: JavaScript has no vectors of its own, and every environment we run in has had WebAssembly's since 2021. Addresses, strides and
 * lengths are in bytes; `end` is where the target, or in `reduce` the values, end.
 */
export interface VectorKernel {
  /** `target[x] = sum_k weights[k] source[x + k stride]`, a multiple of 64 bytes of them. */
  gather(target: number, end: number, source: number, stride: number, weights: number, weightsEnd: number): void;
  /** `products[line][r][x] = values[line][x] factors[line][r][x]`: lines of `lineLength`, in them rows of `rowLength`. */
  expand(products: number, end: number, values: number, factors: number, rowLength: number, lineLength: number): void;
  /** `values[line][x] += sum_r products[line][r][x] factors[line][r][x]` */
  reduce(values: number, end: number, products: number, factors: number, rowLength: number, lineLength: number): void;
  /** Four rows of `source`, `sourceStride` apart and up to `end` long, become four columns of `target`: whole vectors of them. */
  transpose(
    source: number,
    end: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    unused: number,
  ): void;
}

export function createVectorKernel(memory: WebAssembly.Memory): VectorKernel {
  module ??= new WebAssembly.Module(assemble());
  // The exports are the four functions that the module defines.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as VectorKernel;
}

let module: WebAssembly.Module | undefined;

const [I32, V128] = [0x7f, 0x7b];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const zero = [0xfd, 0x0c, ...new Uint8Array(16)];
const add = [0xfd, 0xe4, 0x01];
const times = [0xfd, 0xe6, 0x01];
const load = (offset = 0) => [0xfd, 0x00, 2, offset];
const loadSplat = [0xfd, 0x09, 2, 0];
const store = (offset = 0) => [0xfd, 0x0b, 2, offset];
const addI32 = [0x6a];
const subtractI32 = [0x6b];
const forward = (local: number, bytes: number) => [...get(local), 0x41, ...signed(bytes), ...addI32, ...set(local)];
const forwardBy = (local: number, other: number) => [...get(local), ...get(other), ...addI32, ...set(local)];
/** do { body } while (place < end) */
const until = (place: number, end: number, body: readonly number[]) => [
  ...[0x03, 0x40, ...body],
  ...[...get(place), ...get(end), 0x49, 0x0d, 0, 0x0b],
];

const gather = (() => {
  const [target, end, source, stride, weights, weightsEnd, row, weight, scale] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const sums = [9, 10, 11, 12];
  const tap = [
    ...[...get(weight), ...loadSplat, ...set(scale)],
    ...sums.flatMap((sum, i) => [
      ...[...get(sum), ...get(row), ...load(16 * i), ...get(scale), ...times, ...add, ...set(sum)],
    ]),
    ...forwardBy(row, stride),
    ...forward(weight, 4),
  ];
  return code(
    [
      [2, I32],
      [5, V128],
    ],
    until(target, end, [
      ...sums.flatMap((sum) => [...zero, ...set(sum)]),
      ...[...get(source), ...set(row), ...get(weights), ...set(weight)],
      ...until(weight, weightsEnd, tap),
      ...sums.flatMap((sum, i) => [...get(target), ...get(sum), ...store(16 * i)]),
      ...[...forward(source, 64), ...forward(target, 64)],
    ]),
  );
})();

const expand = (() => {
  const [products, end, values, factors, rowLength, lineLength, value, rowEnd, lineEnd] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const vector = [
    ...[...get(products), ...get(value), ...load(), ...get(factors), ...load(), ...times, ...store()],
    ...[...forward(value, 16), ...forward(factors, 16), ...forward(products, 16)],
  ];
  return code(
    [[3, I32]],
    until(products, end, [
      ...[...get(products), ...get(lineLength), ...addI32, ...set(lineEnd)],
      ...until(products, lineEnd, [
        ...[...get(values), ...set(value), ...get(products), ...get(rowLength), ...addI32, ...set(rowEnd)],
        ...until(products, rowEnd, vector),
      ]),
      ...forwardBy(values, rowLength),
    ]),
  );
})();

const reduce = (() => {
  const [values, end, products, factors, rowLength, lineLength] = [0, 1, 2, 3, 4, 5];
  const [product, factor, productEnd, rowEnd, sum] = [6, 7, 8, 9, 10];
  const term = [
    ...[...get(sum), ...get(product), ...load(), ...get(factor), ...load(), ...times, ...add, ...set(sum)],
    ...[...forwardBy(product, rowLength), ...forwardBy(factor, rowLength)],
  ];
  return code(
    [
      [4, I32],
      [1, V128],
    ],
    until(values, end, [
      ...[...get(values), ...get(rowLength), ...addI32, ...set(rowEnd)],
      ...until(values, rowEnd, [
        ...[...get(values), ...load(), ...set(sum), ...get(products), ...set(product), ...get(factors), ...set(factor)],
        ...[...get(products), ...get(lineLength), ...addI32, ...set(productEnd)],
        ...until(product, productEnd, term),
        ...[...get(values), ...get(sum), ...store()],
        ...[...forward(products, 16), ...forward(factors, 16), ...forward(values, 16)],
      ]),
      ...[...get(products), ...get(rowLength), ...subtractI32, ...get(lineLength), ...addI32, ...set(products)],
      ...[...get(factors), ...get(rowLength), ...subtractI32, ...get(lineLength), ...addI32, ...set(factors)],
    ]),
  );
})();

const transpose = (() => {
  const [source, end, sourceStride, target, targetStride] = [0, 1, 2, 3, 4];
  const at = 6;
  const rows = [7, 8, 9, 10];
  const pairs = [11, 12, 13, 14];
  const low = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
  const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  const shuffle = (one: number, other: number, lanes: readonly number[], shift: number) => [
    ...[...get(one), ...get(other), 0xfd, 0x0d, ...lanes.map((lane) => lane + shift)],
  ];
  return code(
    [
      [1, I32],
      [8, V128],
    ],
    until(source, end, [
      ...[...get(source), ...set(at)],
      ...rows.flatMap((row) => [...get(at), ...load(), ...set(row), ...forwardBy(at, sourceStride)]),
      // [a0 b0 a1 b1], [c0 d0 c1 d1], [a2 b2 a3 b3], [c2 d2 c3 d3]
      ...pairs.flatMap((pair, i) => [
        ...shuffle(rows[2 * (i % 2)]!, rows[2 * (i % 2) + 1]!, low, 8 * Math.floor(i / 2)),
        ...set(pair),
      ]),
      ...[0, 1, 2, 3].flatMap((column) => [
        ...get(target),
        ...shuffle(pairs[column & 2]!, pairs[(column & 2) + 1]!, lowHalves, 8 * (column & 1)),
        ...store(),
        ...forwardBy(target, targetStride),
      ]),
      ...forward(source, 16),
    ]),
  );
})();

/** A function body: locals as [count, type], instructions. */
function code(locals: readonly (readonly [number, number])[], instructions: readonly number[]): number[] {
  const body = [locals.length, ...locals.flat(), ...instructions, 0x0b];
  return [...size(body.length), ...body];
}

/** Unsigned LEB128. */
function size(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...size(value >> 7)];
}

/** Signed LEB128 of a number from 0 to 8191. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, value >> 7];
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

/** The binary format of the WebAssembly core specification 2.0: types, imports, functions, exports, code. */
function assemble(): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: readonly number[]) => [id, ...size(content.length), ...content];
  const numbers = (count: number) => [0x60, count, ...new Array<number>(count).fill(I32), 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...numbers(6)]),
    ...section(2, [1, ...text("env"), ...text("memory"), 2, 0, 0]),
    ...section(3, [4, 0, 0, 0, 0]),
    ...section(7, [4, ...["gather", "expand", "reduce", "transpose"].flatMap((name, i) => [...text(name), 0, i])]),
    ...section(10, [4, ...gather, ...expand, ...reduce, ...transpose]),
  ]);
}
