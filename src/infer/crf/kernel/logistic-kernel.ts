import {
  type Code,
  f32x4,
  forward,
  func,
  i32,
  i32x4,
  type KernelFunction,
  local,
  until,
  v128,
} from "../../../wasm/index.js";

/** Beyond this a probability differs from 0 or 1 by 1e-7. */
const LIMIT = 16;
/** exp(r) for |r| <= ln 2 / 2 by its series up to r^6 / 6!, within 1.2e-7 of it. */
const SERIES = [1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1];
const { add, sub, mul, div, min, max } = f32x4;
const ONE = f32x4.const(1);

/** A polynomial by Horner's rule, from its highest coefficient on. */
const polynomial = ([highest, ...rest]: readonly number[], x: Code<"v128">) =>
  rest.reduce((sum, term) => add(mul(sum, x), f32x4.const(term)), f32x4.const(highest));

/**
 * `differences` of the vector kernel: the mean-field update of two labels. `tanh(x / 2) = (e^x - 1) / (e^x + 1)` is the difference of
 * the two probabilities, within 1e-6; `e^x = 2^n e^r` with n the whole number next to x / ln 2, which goes into the exponent's bits.
 */
export const differences: KernelFunction = func(
  "differences",
  ["i32", "i32", "i32", "i32", "i32", "i32"],
  ([odds, end, unary, own, difference, change], declare) => {
    const [power, whole, largest, value] = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
    const exponent = i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), i32.const(23));
    const changed = f32x4.abs(sub(value, v128.load(difference)));
    return [
      local.set(largest, v128.load(change)),
      until(odds, end, [
        local.set(value, min(max(v128.load(odds), f32x4.const(-LIMIT)), f32x4.const(LIMIT))),
        local.set(whole, f32x4.nearest(mul(value, f32x4.const(Math.LOG2E)))),
        local.set(value, sub(value, mul(whole, f32x4.const(Math.LN2)))),
        local.set(power, mul(i32x4.add(exponent, f32x4.const(1)), polynomial(SERIES, value))),
        local.set(value, div(sub(power, ONE), add(power, ONE))),
        local.set(largest, max(changed, largest)),
        v128.store(difference, value),
        v128.store(odds, sub(v128.load(unary), mul(v128.load(own), value))),
        ...[odds, unary, own, difference].map((address) => forward(address, 16)),
      ]),
      v128.store(change, largest),
    ];
  },
);

/** Probabilities are taken as at least this: a network's 0 and 1 are round-off, not certainty. */
export const SMALLEST_PROBABILITY = 1e-6;
/** ln m = 2 artanh s with s = (m - 1) / (m + 1): its series up to s^9 / 9, for |s| <= 0.172 within 1e-9. */
const ARTANH = [2 / 9, 2 / 7, 2 / 5, 2 / 3, 2];
/** The bits of the square root of one half, and those of a float's mantissa. */
const [ROOT_HALF, MANTISSA] = [i32x4.const(0x3f3504f3), i32x4.const(0x007fffff)];

/** `logRatio` of the vector kernel: `ln x = n ln 2 + ln m` with m between the roots of 1/2 and 2, n read from the exponent's bits. */
export const logRatio: KernelFunction = func(
  "logRatio",
  ["i32", "i32", "i32", "i32"],
  ([target, end, one, other], declare) => {
    const [value, whole, square] = [declare("v128"), declare("v128"), declare("v128")];
    const load = (address: Code<"i32">) => max(v128.load(address), f32x4.const(SMALLEST_PROBABILITY));
    const logarithm = add(mul(polynomial(ARTANH, square), value), mul(whole, f32x4.const(Math.LN2)));
    return [
      until(target, end, [
        local.set(value, i32x4.sub(div(load(one), load(other)), ROOT_HALF)),
        local.set(whole, f32x4.convert_i32x4_s(i32x4.shr_s(value, i32.const(23)))),
        local.set(value, i32x4.add(v128.and(value, MANTISSA), ROOT_HALF)),
        local.set(value, div(sub(value, ONE), add(value, ONE))),
        local.set(square, mul(value, value)),
        v128.store(target, logarithm),
        ...[target, one, other].map((address) => forward(address, 16)),
      ]),
    ];
  },
);
