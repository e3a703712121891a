/** The inner loop of turning a reference, in WebAssembly: a complex number and its neighbour along z fill a vector. */
import {
  type Code,
  f32,
  f32x4,
  forward,
  func,
  i8x16,
  i32,
  kernelOf,
  type Local,
  local,
  until,
  v128,
} from "../../wasm/index.js";
import { fineStrides } from "./padded-transform.js";

/**
 * A place is where one frequency of a row comes from, eight numbers of four bytes: address of the fine pixel below it, bytes from
 * the row's beginning to its real part, how far it is on along x and y, what real and imaginary part are multiplied by, and how far it
 * is on along z; the last is 0.
 */
export const PLACE_WORDS = 8;

export interface TurnKernel {
  /**
   * Interpolates a row's places, from `place` to `end`, into `row`, whose imaginary parts begin at `imaginary`. At `sums` it leaves the
   * sums of squares of real and imaginary parts, 16 bytes on the largest of both.
   */
  turn(place: number, end: number, row: number, imaginary: number, sums: number): void;
  /** Multiplies the same numbers. */
  scale(place: number, end: number, row: number, imaginary: number, by: number): void;
}

const PLACE_BYTES = 4 * PLACE_WORDS;
const [nextX, nextY] = [4 * fineStrides.x, 4 * fineStrides.y];
const { add, sub, mul, max, abs } = f32x4;
/** The upper half, where the neighbours along z are, in place of the lower one. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];

const turn = func("turn", ["i32", "i32", "i32", "i32", "i32"], ([place, end, row, imaginary, sums], declare) => {
  const [at, to] = [declare("i32"), declare("i32")];
  const [value, other, squares, largest] = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
  const alongX = (into: Local<"v128">, offset: number) =>
    between(into, v128.load(at, { offset }), v128.load(at, { offset: offset + nextX }), fraction(place, 8));
  return [
    until(place, end, [
      local.set(at, i32.load(place)),
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

const scale = func("scale", ["i32", "i32", "i32", "i32", "f32"], ([place, end, row, imaginary, by], declare) => {
  const to = declare("i32");
  return [
    until(place, end, [
      local.set(to, i32.add(row, i32.load(place, { offset: 4 }))),
      f32.store(to, f32.mul(f32.load(to), by)),
      local.set(to, i32.add(to, imaginary)),
      f32.store(to, f32.mul(f32.load(to), by)),
      forward(place, PLACE_BYTES),
    ]),
  ];
});

export const createTurnKernel = kernelOf<TurnKernel>([turn, scale]);

/** `from + fraction (to - from)`; `from` is kept in a local on the way. */
function between(kept: Local<"v128">, from: Code<"v128">, to: Code<"v128">, fraction: Code<"v128">): Code<"v128"> {
  return add(local.tee(kept, from), mul(fraction, sub(to, kept)));
}

function fraction(place: Local<"i32">, offset: number): Code<"v128"> {
  return v128.load32_splat(place, { offset });
}
