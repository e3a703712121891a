/** The inner loop of turning a reference, in WebAssembly: a complex number and its neighbour along z fill a vector. */
import {
  type Code,
  f32,
  f32x4,
  forward,
  func,
  i8x16,
  i16x8,
  i32,
  i32x4,
  kernelOf,
  type Local,
  local,
  until,
  v128,
} from "../../wasm/index.js";
import { fineStrides } from "./padded-transform.js";

/**
 * A place is where one frequency of a row comes from, eight numbers of four bytes: bytes from the beginning of a padded transform to the
 * pixel below it, bytes from the row's beginning to its real part, how far it is on along x and y, what real and imaginary part are
 * multiplied by, and how far it is on along z; the last is 0.
 */
export const PLACE_WORDS = 8;
/** Rows are so many numbers long, or a multiple: what becomes a vector of bytes. */
export const ROW_MULTIPLE = 16;
/** What stands for zero in a row of bytes. */
const ZERO = 128;

export interface TurnKernel {
  /**
   * Interpolates a row's places, from `place` to `end`, in the transform at `fine` into `row`, whose imaginary parts begin at
   * `imaginary`. At `sums` it leaves the sums of squares of real and imaginary parts, 16 bytes on the largest of both.
   */
  turn(place: number, end: number, fine: number, row: number, imaginary: number, sums: number): void;
  /** Multiplies the row from `row` to `end` and rounds it to whole numbers, 128 standing for zero. */
  round(row: number, end: number, bytes: number, by: number): void;
}

const PLACE_BYTES = 4 * PLACE_WORDS;
const [nextX, nextY] = [4 * fineStrides.x, 4 * fineStrides.y];
const { add, sub, mul, max, abs } = f32x4;
/** The upper half, where the neighbours along z are, in place of the lower one. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];

const TURN_PARAMETERS = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
const turn = func("turn", TURN_PARAMETERS, ([place, end, fine, row, imaginary, sums], declare) => {
  const [at, to] = [declare("i32"), declare("i32")];
  const [value, other, squares, largest] = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
  const alongX = (into: Local<"v128">, offset: number) =>
    between(into, v128.load(at, { offset }), v128.load(at, { offset: offset + nextX }), fraction(place, 8));
  return [
    until(place, end, [
      local.set(at, i32.add(fine, i32.load(place))),
      local.set(value, alongX(value, 0)),
      local.set(other, alongX(other, nextY)),
      local.set(value, between(value, value, other, fraction(place, 12))),
      local.set(other, i8x16.shuffle(value, value, UPPER_HALF)),
      local.set(value, mul(between(value, value, other, fraction(place, 24)), v128.load(place, { offset: 16 }))),
      local.set(squares, add(squares, mul(value, value))),
      local.set(largest, max(largest, abs(value))),
      local.set(to, i32.add(row, i32.load(place, { offset: 4 }))),
      f32.store(to, f32x4.extract_lane(value, 0)),
      f32.store(i32.add(to, imaginary), f32x4.extract_lane(value, 1)),
      forward(place, PLACE_BYTES),
    ]),
    v128.store(sums, squares),
    v128.store(sums, largest, { offset: 16 }),
  ];
});

const round = func("round", ["i32", "i32", "i32", "f32"], ([row, end, bytes, by], declare) => {
  const factor = declare("v128");
  const four = (i: number) => i32x4.trunc_sat_f32x4_s(f32x4.nearest(mul(v128.load(row, { offset: 16 * i }), factor)));
  const [eight, others] = [0, 2].map((i) => i16x8.narrow_i32x4_s(four(i), four(i + 1)));
  return [
    local.set(factor, f32x4.splat(by)),
    until(row, end, [
      v128.store(bytes, v128.xor(i8x16.narrow_i16x8_s(eight, others), i8x16.const(ZERO))),
      forward(row, 4 * ROW_MULTIPLE),
      forward(bytes, ROW_MULTIPLE),
    ]),
  ];
});

export const createTurnKernel = kernelOf<TurnKernel>([turn, round]);

/** `from + fraction (to - from)`; `from` is kept in a local on the way. */
function between(kept: Local<"v128">, from: Code<"v128">, to: Code<"v128">, fraction: Code<"v128">): Code<"v128"> {
  return add(local.tee(kept, from), mul(fraction, sub(to, kept)));
}

function fraction(place: Local<"i32">, offset: number): Code<"v128"> {
  return v128.load32_splat(place, { offset });
}
