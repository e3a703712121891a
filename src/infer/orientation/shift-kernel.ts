/** The inner loop of moving boxes: one complex frequency of four of them, at a time, turned by a phase and rounded to bytes. */
import {
  type Code,
  f32x4,
  forward,
  func,
  i8x16,
  i16x8,
  i32x4,
  kernelOf,
  local,
  until,
  v128,
} from "../../wasm/index.js";

export interface ShiftKernel {
  /**
   * One frequency of `boxes` boxes, a multiple of four: their real parts lie from `real` to `end`, their imaginary ones at `imaginary`.
   * Cosine and sine of the phase of each shift lie from `phases` to `lastPhase`. Leaves `[shifts, boxes]` bytes at `toReal` and at
   * `toImaginary`.
   */
  shift(
    real: number,
    end: number,
    imaginary: number,
    phases: number,
    lastPhase: number,
    toReal: number,
    toImaginary: number,
    boxes: number,
  ): void;
}

const { add, sub, mul, nearest } = f32x4;

/** In the lowest four lanes. */
function rounded(values: Code<"v128">): Code<"v128"> {
  const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(nearest(values)), i32x4.const(0));
  return i8x16.narrow_i16x8_s(words, words);
}

const PARAMETERS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
const shift = func("shift", PARAMETERS, (parameters, declare) => {
  const [real, end, imaginary, phases, lastPhase, toReal, toImaginary, boxes] = parameters;
  const [x, y, cosine, sine] = [declare("v128"), declare("v128"), declare("v128"), declare("v128")];
  const [phase, xAt, yAt] = [declare("i32"), declare("i32"), declare("i32")];
  return [
    until(real, end, [
      local.set(x, v128.load(real)),
      local.set(y, v128.load(imaginary)),
      local.set(phase, phases),
      local.set(xAt, toReal),
      local.set(yAt, toImaginary),
      until(phase, lastPhase, [
        local.set(cosine, v128.load32_splat(phase)),
        local.set(sine, v128.load32_splat(phase, { offset: 4 })),
        v128.store32(xAt, rounded(sub(mul(x, cosine), mul(y, sine)))),
        v128.store32(yAt, rounded(add(mul(x, sine), mul(y, cosine)))),
        forward(phase, 8),
        forward(xAt, boxes),
        forward(yAt, boxes),
      ]),
      forward(real, 16),
      forward(imaginary, 16),
      forward(toReal, 4),
      forward(toImaginary, 4),
    ]),
  ];
});

export const createShiftKernel = kernelOf<ShiftKernel>([shift]);
