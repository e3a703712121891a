/** Boxes moved in every way that is tried, at the compared frequencies, in whole numbers. */
import type { Vector3 } from "../../volume/index.js";
import { borrowMemory } from "../../wasm/index.js";
import { band, COMPARED_EDGE } from "./band.js";
import { rowLength } from "./rotated.js";
import { createShiftKernel } from "./shift-kernel.js";

const SHIFT_STEP_VOXELS = 1.5;
const LARGEST_SHIFT_STEPS = 2;

const shifts = evenShifts();
/** Those that are tried. */
export const shiftsVoxels: readonly Vector3[] = shifts.map(({ x, y, z }) => ({
  x: SHIFT_STEP_VOXELS * x,
  y: SHIFT_STEP_VOXELS * y,
  z: SHIFT_STEP_VOXELS * z,
}));
/** Shifts that are tried. */
export const SHIFTS = shifts.length;
/** Of a frequency's amplitude: with so much, sums of products with bytes are exact on every processor. */
export const LARGEST_OF_SHIFTED = 63;

/** Boxes moved in every way; `using` it, or dispose of it. */
export interface Shifter extends Disposable {
  /** `[rowLength(frequencies), SHIFTS, boxes]`, all real parts, then all imaginary ones, then zeros. */
  readonly shifted: Int8Array;
  /** Power of the boxes before they are moved, `[frequencies, boxes]`. */
  readonly power: Float32Array;
  /**
   * Moves other boxes, in place of those before.
   * @param rows `[any, 2 * frequencies]`, no amplitude larger than `LARGEST_OF_SHIFTED`
   * @param chosen which of these, at most `boxes`
   */
  shift(rows: Float32Array, chosen: ArrayLike<number>): void;
}

/** @param boxes that are moved at a time, a multiple of four */
export function createShifter(frequencies: readonly number[], boxes: number): Shifter {
  const { length } = frequencies;
  const phases = shiftPhases(frequencies);
  const phasesAt = 2 * length * boxes;
  const shiftedAt = 4 * (phasesAt + phases.length);
  const row = SHIFTS * boxes;
  const borrowed = borrowMemory(shiftedAt + rowLength(length) * row);
  const { buffer } = borrowed.memory;
  const floats = new Float32Array(buffer, 0, phasesAt + phases.length);
  floats.set(phases, phasesAt);
  const shifted = new Int8Array(buffer, shiftedAt, rowLength(length) * row).fill(0);
  const power = new Float32Array(length * boxes);
  const kernel = createShiftKernel(borrowed.memory);
  return {
    shifted,
    power,
    shift(rows, chosen) {
      floats.fill(0, 0, phasesAt);
      power.fill(0);
      for (let box = 0; box < chosen.length; box++)
        for (let k = 0, at = 2 * length * chosen[box]; k < length; k++, at++) {
          const [real, imaginary] = [rows[at], rows[at + length]];
          floats[k * boxes + box] = real;
          floats[(length + k) * boxes + box] = imaginary;
          power[k * boxes + box] = real ** 2 + imaginary ** 2;
        }
      for (let k = 0; k < length; k++) {
        const [real, imaginary] = [4 * k * boxes, 4 * (length + k) * boxes];
        const phase = 4 * (phasesAt + 2 * k * SHIFTS);
        const [toReal, toImaginary] = [shiftedAt + k * row, shiftedAt + (length + k) * row];
        kernel.shift(real, real + 4 * boxes, imaginary, phase, phase + 8 * SHIFTS, toReal, toImaginary, boxes);
      }
    },
    [Symbol.dispose]: () => borrowed[Symbol.dispose](),
  };
}

/** Shifts on a grid within a ball, in its steps. */
function evenShifts(): Vector3[] {
  const steps = Array.from({ length: 2 * LARGEST_SHIFT_STEPS + 1 }, (_, i) => i - LARGEST_SHIFT_STEPS);
  return steps
    .flatMap((x) => steps.flatMap((y) => steps.map((z) => ({ x, y, z }))))
    .filter(({ x, y, z }) => Math.hypot(x, y, z) <= LARGEST_SHIFT_STEPS);
}

/** Cosine and sine of the phase that each shift adds at each frequency, `[frequencies, SHIFTS, 2]`. */
export function shiftPhases(frequencies: readonly number[]): Float32Array {
  const radians = (2 * Math.PI * SHIFT_STEP_VOXELS) / COMPARED_EDGE;
  return Float32Array.from(
    frequencies.flatMap((k) =>
      shifts.flatMap(({ x, y, z }) => {
        const phase = radians * (x * band.x[k] + y * band.y[k] + z * band.z[k]);
        return [Math.cos(phase), Math.sin(phase)];
      }),
    ),
  );
}
