import { forward, get, integer, type KernelFunction, set, until, vector } from "./assembler.js";

/** Beyond this a probability differs from 0 or 1 by 1e-7. */
const LIMIT = 16;
/** exp(r) for |r| <= ln 2 / 2 by its series up to r^6 / 6!, within 1.2e-7 of it. */
const SERIES = [1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1];

/**
 * `differences` of the vector kernel: the mean-field update of two labels. `tanh(x / 2) = (e^x - 1) / (e^x + 1)` is the difference of
 * the two probabilities, within 1e-6; `e^x = 2^n e^r` with n the whole number next to x / ln 2, which goes into the exponent's bits.
 */
export const differences: KernelFunction = (() => {
  const [odds, end, unary, own, difference, change] = [0, 1, 2, 3, 4, 5];
  const [power, whole, largest] = [6, 7, 8];
  const value = 9;
  const { add, subtract, times, floats } = vector;
  const series = SERIES.flatMap<number>((term, i) =>
    i === 0 ? floats(term) : [...get(value), ...times, ...floats(term), ...add],
  );
  const body = [
    ...[...get(odds), ...vector.load(), ...floats(-LIMIT), ...vector.higher, ...floats(LIMIT), ...vector.lower],
    ...[...set(value), ...get(value), ...floats(Math.LOG2E), ...times, ...vector.nearest, ...set(whole)],
    ...[...get(value), ...get(whole), ...floats(Math.LN2), ...times, ...subtract, ...set(value)],
    ...[...get(whole), ...vector.toInteger, ...integer(23), ...vector.shiftLeft],
    ...[...vector.integers(0x3f800000), ...vector.addIntegers],
    ...[...series, ...times, ...set(power)],
    ...[...get(power), ...floats(1), ...subtract, ...get(power), ...floats(1), ...add, ...vector.divide, ...set(value)],
    ...[...get(value), ...get(difference), ...vector.load(), ...subtract, ...vector.magnitude],
    ...[...get(largest), ...vector.higher, ...set(largest)],
    ...[...get(difference), ...get(value), ...vector.store()],
    ...[...get(odds), ...get(unary), ...vector.load(), ...get(own), ...vector.load(), ...get(value), ...times],
    ...[...subtract, ...vector.store()],
    ...[odds, unary, own, difference].flatMap((place) => forward(place, 16)),
  ];
  return {
    name: "differences",
    parameters: 6,
    vectors: 4,
    body: [
      ...[...get(change), ...vector.load(), ...set(largest)],
      ...until(odds, end, body),
      ...[...get(change), ...get(largest), ...vector.store()],
    ],
  };
})();

/** Probabilities are taken as at least this: a network's 0 and 1 are round-off, not certainty. */
export const SMALLEST_PROBABILITY = 1e-6;
/** ln m = 2 artanh s with s = (m - 1) / (m + 1): its series up to s^9 / 9, for |s| <= 0.172 within 1e-9. */
const ARTANH = [2 / 9, 2 / 7, 2 / 5, 2 / 3, 2];
/** The bits of the square root of one half, and those of a float's mantissa. */
const [ROOT_HALF, MANTISSA] = [0x3f3504f3, 0x007fffff];

/** `logRatio` of the vector kernel: `ln x = n ln 2 + ln m` with m between the roots of 1/2 and 2, n read from the exponent's bits. */
export const logRatio: KernelFunction = (() => {
  const [target, end, one, other] = [0, 1, 2, 3];
  const [value, whole, square] = [4, 5, 6];
  const { add, subtract, times, divide, floats, integers } = vector;
  const load = (place: number) => [...get(place), ...vector.load(), ...floats(SMALLEST_PROBABILITY), ...vector.higher];
  const series = ARTANH.flatMap<number>((term, i) =>
    i === 0 ? floats(term) : [...get(square), ...times, ...floats(term), ...add],
  );
  return {
    name: "logRatio",
    parameters: 4,
    vectors: 3,
    body: until(target, end, [
      ...[...load(one), ...load(other), ...divide, ...integers(ROOT_HALF), ...vector.subtractIntegers, ...set(value)],
      ...[...get(value), ...integer(23), ...vector.shiftRight, ...vector.toFloat, ...set(whole)],
      ...[
        ...get(value),
        ...integers(MANTISSA),
        ...vector.and,
        ...integers(ROOT_HALF),
        ...vector.addIntegers,
        ...set(value),
      ],
      ...[...get(value), ...floats(1), ...subtract, ...get(value), ...floats(1), ...add, ...divide, ...set(value)],
      ...[...get(value), ...get(value), ...times, ...set(square)],
      ...[...get(target), ...series, ...get(value), ...times, ...get(whole), ...floats(Math.LN2), ...times, ...add],
      ...vector.store(),
      ...[target, one, other].flatMap((place) => forward(place, 16)),
    ]),
  };
})();
