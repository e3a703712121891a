import {
  type Code,
  type Declare,
  f64x2,
  forward,
  func,
  i32,
  kernelOf,
  type Local,
  local,
  type Statement,
  until,
  v128,
} from "../../wasm/index.js";
import { createFftLine } from "./fft-line.js";

/**
 * The transform of `createFftLine` of two lines at once. Each value is four numbers: the real parts of both lines, then their
 * imaginary parts. All pairs of one length in a thread are one: `input` and `output` hold what the last caller left there, and
 * must be asked for again after another pair has been made.
 */
export interface FftPair {
  readonly length: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** Writes the unscaled transforms of both lines of `input` to `output`. */
  forward(): void;
}

const pairs = new Map<number, FftPair>();

/** Two lines of any length: vectors of WebAssembly for powers of two, two lines one after the other for the rest. */
export function fftPair(length: number): FftPair {
  let pair = pairs.get(length);
  if (!pair)
    pairs.set(length, (pair = length > 1 && (length & (length - 1)) === 0 ? vectorPair(length) : linePair(length)));
  return pair;
}

function linePair(length: number): FftPair {
  const line = createFftLine(length);
  const [from, to] = [new Float64Array(2 * length), new Float64Array(2 * length)];
  const [input, output] = [new Float64Array(4 * length), new Float64Array(4 * length)];
  return {
    ...{ length, input, output },
    forward() {
      for (const lane of [0, 1]) {
        for (let i = 0; i < 2 * length; i++) from[i] = input[2 * i + lane];
        line.forward(from, to);
        for (let i = 0; i < 2 * length; i++) output[2 * i + lane] = to[i];
      }
    },
  };
}

/** Bytes of one value of both lines. */
const VALUE = 32;
const PAGE = 2 ** 16;

interface Kernel {
  /** The first pass, of two or four values each: `order` has the places of the first ones, `stride` is that of the others. */
  two(input: number, output: number, order: number, end: number, stride: number): void;
  four(input: number, output: number, order: number, end: number, stride: number): void;
  /** A pass over all groups of four times `quarter` bytes; roots are `step` bytes apart. */
  pass(output: number, end: number, quarter: number, roots: number, step: number): void;
}

/** The memory of all lengths, made when there is one. */
let shared: { readonly memory: WebAssembly.Memory; readonly kernel: Kernel; used: number } | undefined;

/** The steps of fft.js, operation by operation, so that the numbers are the same to the last bit. */
function vectorPair(length: number): FftPair {
  if (!shared) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    shared = { memory, kernel: createKernel(memory), used: 0 };
  }
  const { memory, kernel } = shared;
  const power = Math.log2(length);
  const radix = power % 2 === 0 ? 4 : 2;
  const groups = length / radix;
  const allocate = (bytes: number): number => {
    const start = shared!.used;
    shared!.used += Math.ceil(bytes / VALUE) * VALUE;
    const missing = Math.ceil((shared!.used - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
    return start;
  };
  const [input, output] = [allocate(VALUE * length), allocate(VALUE * length)];
  const [roots, order] = [allocate(16 * length), allocate(4 * groups)];
  const table = new Float64Array(memory.buffer, roots, 2 * length);
  for (let i = 0; i < 2 * length; i += 2) {
    const angle = (Math.PI * i) / length;
    table[i] = Math.cos(angle);
    table[i + 1] = -Math.sin(angle);
  }
  const width = radix === 4 ? power - 2 : power - 1;
  const places = new Int32Array(memory.buffer, order, groups);
  for (let group = 0; group < groups; group++) places[group] = VALUE * reversedPairs(group, width);
  const view = (start: number): Float64Array => new Float64Array(memory.buffer, start, 4 * length);
  let [inputView, outputView] = [view(input), view(output)];
  // A memory that grows takes its numbers along, and leaves the views behind.
  const current = (known: Float64Array, start: number) => (known.byteLength > 0 ? known : view(start));
  const end = output + VALUE * length;
  return {
    length,
    get input() {
      return (inputView = current(inputView, input));
    },
    get output() {
      return (outputView = current(outputView, output));
    },
    forward() {
      kernel[radix === 4 ? "four" : "two"](input, output, order, order + 4 * groups, VALUE * groups);
      for (let size = 4 * radix; size <= length; size *= 4)
        kernel.pass(output, end, (VALUE * size) / 4, roots, (16 * length) / size);
    },
  };
}

/** The digits of a number in base four, `bits` / 2 of them, from the last to the first. */
function reversedPairs(value: number, bits: number): number {
  let reversed = 0;
  for (let shift = 0; shift < bits; shift += 2) reversed |= ((value >>> shift) & 3) << (bits - shift - 2);
  return reversed;
}

interface Complex {
  readonly re: Local<"v128">;
  readonly im: Local<"v128">;
}

const vectors = { align: 16 };
const imaginary = { align: 16, offset: 16 };
const declareComplex = (declare: Declare): Complex => ({ re: declare("v128"), im: declare("v128") });
const load = ({ re, im }: Complex, place: Code<"i32">): Statement[] => [
  local.set(re, v128.load(place, vectors)),
  local.set(im, v128.load(place, imaginary)),
];
const store = (place: Code<"i32">, re: Code<"v128">, im: Code<"v128">): Statement[] => [
  v128.store(place, re, vectors),
  v128.store(place, im, imaginary),
];
const { add, sub, mul } = f64x2;

/** Sums of four values with the fourth roots of one, to four places. */
function butterfly(
  [a, b, c, d]: readonly Complex[],
  [toA, toB, toC, toD]: readonly Code<"i32">[],
  [even, odd, sums, differences]: readonly Complex[],
): Statement[] {
  return [
    local.set(even.re, add(a.re, c.re)),
    local.set(even.im, add(a.im, c.im)),
    local.set(odd.re, sub(a.re, c.re)),
    local.set(odd.im, sub(a.im, c.im)),
    local.set(sums.re, add(b.re, d.re)),
    local.set(sums.im, add(b.im, d.im)),
    local.set(differences.re, sub(b.re, d.re)),
    local.set(differences.im, sub(b.im, d.im)),
    ...store(toA, add(even.re, sums.re), add(even.im, sums.im)),
    ...store(toB, add(odd.re, differences.im), sub(odd.im, differences.re)),
    ...store(toC, sub(even.re, sums.re), sub(even.im, sums.im)),
    ...store(toD, sub(odd.re, differences.im), add(odd.im, differences.re)),
  ];
}

const complexes = (declare: Declare) => Array.from({ length: 4 }, () => declareComplex(declare));
const places = (declare: Declare) => Array.from({ length: 4 }, () => declare("i32"));

const two = func("two", ["i32", "i32", "i32", "i32", "i32"], ([input, output, order, end, stride], declare) => {
  const [even, odd] = [declareComplex(declare), declareComplex(declare)];
  const from = declare("i32");
  return [
    until(order, end, [
      local.set(from, i32.add(input, i32.load(order))),
      ...load(even, from),
      ...load(odd, i32.add(from, stride)),
      ...store(output, add(even.re, odd.re), add(even.im, odd.im)),
      ...store(i32.add(output, i32.const(VALUE)), sub(even.re, odd.re), sub(even.im, odd.im)),
      forward(output, 2 * VALUE),
      forward(order, 4),
    ]),
  ];
});

const four = func("four", ["i32", "i32", "i32", "i32", "i32"], ([input, output, order, end, stride], declare) => {
  const [values, parts] = [complexes(declare), complexes(declare)];
  const from = declare("i32");
  const next = local.tee(from, i32.add(from, stride));
  const to = [0, 1, 2, 3].map((value) => i32.add(output, i32.const(value * VALUE)));
  return [
    until(order, end, [
      local.set(from, i32.add(input, i32.load(order))),
      ...values.flatMap((value, index) => [...(index > 0 ? [local.set(from, next)] : []), ...load(value, from)]),
      ...butterfly(values, to, parts),
      forward(output, 4 * VALUE),
      forward(order, 4),
    ]),
  ];
});

const pass = func("pass", ["i32", "i32", "i32", "i32", "i32"], ([group, end, quarter, roots, step], declare) => {
  const [values, parts, at] = [complexes(declare), complexes(declare), places(declare)];
  const [groupEnd, turn] = [declare("i32"), declare("i32")];
  const [cos, sin, re] = [declare("v128"), declare("v128"), declare("v128")];
  const turned = (value: Complex, index: number): Statement[] => {
    const root = i32.add(roots, i32.mul(turn, i32.const(index)));
    return [
      ...load(value, at[index]),
      local.set(cos, v128.load64_splat(root, { align: 8 })),
      local.set(sin, v128.load64_splat(root, { align: 8, offset: 8 })),
      local.set(re, sub(mul(value.re, cos), mul(value.im, sin))),
      local.set(value.im, add(mul(value.re, sin), mul(value.im, cos))),
      local.set(value.re, re),
    ];
  };
  return [
    until(group, end, [
      local.set(at[0], group),
      local.set(groupEnd, i32.add(group, quarter)),
      local.set(turn, i32.const(0)),
      until(at[0], groupEnd, [
        ...[1, 2, 3].map((index) => local.set(at[index], i32.add(at[index - 1], quarter))),
        ...load(values[0], at[0]),
        ...[1, 2, 3].flatMap((index) => turned(values[index], index)),
        ...butterfly(values, at, parts),
        forward(turn, step),
        forward(at[0], VALUE),
      ]),
      forward(group, i32.mul(quarter, i32.const(4))),
    ]),
  ];
});

const createKernel = kernelOf<Kernel>([two, four, pass]);
