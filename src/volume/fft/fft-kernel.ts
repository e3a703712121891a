/** The passes of `fftPair` as WebAssembly: two lines at a time, in vectors of two float64. */
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

/** Bytes of one value of both lines. */
export const VALUE = 32;
/** Bytes of what `three` needs to know of a value: three turns, then the factors of a sum, the root of 3/4 and 1/2. */
export const TURNS = 64;

export interface FftKernel {
  /** The first pass, of two or four values each: `order` has the places of the first ones, `stride` is that of the others. */
  two(input: number, output: number, order: number, end: number, stride: number): void;
  four(input: number, output: number, order: number, end: number, stride: number): void;
  /** A pass over all groups of four times `quarter` bytes; roots are `step` bytes apart. */
  pass(output: number, end: number, quarter: number, roots: number, step: number): void;
  /** Makes a line of the transforms of every third value, which lie one after the other, `part` bytes each. */
  three(input: number, end: number, part: number, output: number, turns: number): void;
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

/** Multiplies a value by the root at an address. */
const turnBy = (
  value: Complex,
  root: Code<"i32">,
  [cos, sin, re]: readonly Local<"v128">[],
  offset = 0,
): Statement[] => [
  local.set(cos, v128.load64_splat(root, { align: 8, offset })),
  local.set(sin, v128.load64_splat(root, { align: 8, offset: offset + 8 })),
  local.set(re, sub(mul(value.re, cos), mul(value.im, sin))),
  local.set(value.im, add(mul(value.re, sin), mul(value.im, cos))),
  local.set(value.re, re),
];

const pass = func("pass", ["i32", "i32", "i32", "i32", "i32"], ([group, end, quarter, roots, step], declare) => {
  const [values, parts, at] = [complexes(declare), complexes(declare), places(declare)];
  const [groupEnd, turn] = [declare("i32"), declare("i32")];
  const registers = [declare("v128"), declare("v128"), declare("v128")];
  const turned = (value: Complex, index: number): Statement[] => [
    ...load(value, at[index]),
    ...turnBy(value, i32.add(roots, i32.mul(turn, i32.const(index))), registers),
  ];
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

const three = func("three", ["i32", "i32", "i32", "i32", "i32"], ([input, end, part, output, turns], declare) => {
  const [a, b, c] = [declareComplex(declare), declareComplex(declare), declareComplex(declare)];
  const [sum, turn, middle] = [declareComplex(declare), declareComplex(declare), declareComplex(declare)];
  const registers = [declare("v128"), declare("v128"), declare("v128")];
  const [half, factor] = [declare("v128"), declare("v128")];
  const further = (place: Local<"i32">, parts: number) => i32.add(place, i32.mul(part, i32.const(parts)));
  return [
    until(input, end, [
      ...[a, b, c].flatMap((value, third) => [
        ...load(value, further(input, third)),
        ...turnBy(value, turns, registers, 16 * third),
      ]),
      local.set(factor, v128.load64_splat(turns, { align: 8, offset: 48 })),
      local.set(half, v128.load64_splat(turns, { align: 8, offset: 56 })),
      local.set(sum.re, add(b.re, c.re)),
      local.set(sum.im, add(b.im, c.im)),
      local.set(turn.re, mul(factor, sub(b.im, c.im))),
      local.set(turn.im, mul(factor, sub(c.re, b.re))),
      local.set(middle.re, sub(a.re, mul(sum.re, half))),
      local.set(middle.im, sub(a.im, mul(sum.im, half))),
      ...store(output, add(a.re, sum.re), add(a.im, sum.im)),
      ...store(further(output, 1), add(middle.re, turn.re), add(middle.im, turn.im)),
      ...store(further(output, 2), sub(middle.re, turn.re), sub(middle.im, turn.im)),
      forward(output, VALUE),
      forward(turns, TURNS),
      forward(input, VALUE),
    ]),
  ];
});

export const createFftKernel = kernelOf<FftKernel>([two, four, pass, three]);
