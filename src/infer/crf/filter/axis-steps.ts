import type { Arena } from "../kernel/arena.js";
import type { AxisFilter, Taps } from "./axis-filter.js";

/** An axis filter in the arena: its steps from blocks of rows at index `source` to blocks of rows at index `target`. */
export interface AxisSteps {
  /** Rows of voxels become rows of cells. */
  toCells(target: number, source: number, blocks: number): void;
  /** Rows of cells become rows of filtered cells. */
  blur(target: number, source: number, blocks: number): void;
  /** Rows of cells become rows of voxels; gives where they are, which is at `source` where cells are voxels. */
  fromCells(target: number, source: number, blocks: number): number;
}

/** @param rowLength of rows that become cells and voxels. @param blurLength of rows that are filtered. */
export function axisSteps(
  arena: Arena,
  { voxels, cells, toCells, blur, fromCells }: AxisFilter,
  rowLength: number,
  blurLength: number,
): AxisSteps {
  const { kernel } = arena;
  const step = (taps: readonly Taps[], targets: number, sources: number, length: number) => {
    const { start, end } = writeSteps(arena, taps, length);
    const [row, block] = [4 * length, 4 * sources * length];
    return (target: number, source: number, blocks: number) =>
      kernel.sumRows(4 * target, 4 * target + blocks * targets * row, 4 * source, block, start, end, row);
  };
  const spread = toCells && step(toCells, cells, voxels, rowLength);
  const read = fromCells && step(fromCells, voxels, cells, rowLength);
  return {
    toCells(target, source, blocks) {
      if (spread) spread(target, source, blocks);
      else arena.floats().copyWithin(target, source, source + blocks * voxels * rowLength);
    },
    blur: step(blur, cells, cells, blurLength),
    fromCells(target, source, blocks) {
      if (!read) return source;
      read(target, source, blocks);
      return target;
    },
  };
}

/** Writes the steps into the arena; gives the addresses where they start and end. */
function writeSteps(arena: Arena, taps: readonly Taps[], rowLength: number) {
  const weights = arena.allocate(taps.reduce((sum, tap) => sum + tap.weights.length, 0));
  const steps = arena.allocate(3 * taps.length);
  const floats = arena.floats();
  const integers = new Int32Array(floats.buffer, 4 * steps, 3 * taps.length);
  let at = weights;
  for (const [i, tap] of taps.entries()) {
    const end = at + tap.weights.length;
    floats.set(tap.weights, at);
    integers.set([4 * tap.first * rowLength, 4 * at, 4 * end], 3 * i);
    at = end;
  }
  return { start: 4 * steps, end: 4 * (steps + 3 * taps.length) };
}
