import type { Arena } from "./arena.js";
import { type AxisFilter, axisFilter, type Taps } from "./axis-filter.js";
import type { PaddedShape } from "./padded-volume.js";

/**
 * Filtering with `sum_r phi_r(i) phi_r(j) exp(-|p_i - p_j|^2 / 2 sigma^2)`: a Gaussian of place for each of `rank` factors, all of them
 * side by side in memory so that every pass runs over long rows.
 */
export interface SpatialFilter {
  /** Where `phi_r` of voxel x in a line is: `factors + line * lineLength + r * rowLength + x`. To be filled by the owner. */
  readonly factors: number;
  readonly lineLength: number;
  /** `target_i += sum_j k(i, j) source_j`, j = i included; both are padded volumes, and may not be one. */
  addFiltered(source: number, target: number): void;
}

/** One step of an axis filter whose weights lie in the arena: for each target row its first source row and its weights. */
interface Step {
  readonly first: readonly number[];
  readonly weights: readonly number[];
}

export function spatialFilter(arena: Arena, padded: PaddedShape, sigmaVoxels: number, rank: number): SpatialFilter {
  const { kernel } = arena;
  const { rowLength, lines } = padded;
  const [nz, ny, nx] = padded.shape;
  const [alongZ, alongY, alongX] = [nz, ny, nx].map((edge) => placed(arena, axisFilter(edge, sigmaVoxels))) as [
    Axis,
    Axis,
    Axis,
  ];
  let line = rank * rowLength;
  while (line % 16 !== 0) line += rowLength; // rows of 0 follow those of the factors, for `gather` takes 16 floats at a time
  const slice = ny * line;
  const columns = alongZ.cells * alongY.cells; // lines that are left when z and y have become cells
  const across = wholeBlocks((columns * line) / rowLength);
  const factors = arena.allocate(lines * line);
  const [zLength, zyLength, xLength] = [alongZ.cells * slice, across * rowLength, alongX.cells * across];
  const work = arena.scratch(lines * line + zLength + 2 * zyLength + xLength);
  const zCells = work + lines * line;
  const zyCells = zCells + zLength;
  const transposed = zyCells + zyLength;
  const xCells = transposed + zyLength;
  arena.floats().fill(0, factors, factors + lines * line); // rows and ends of rows that no factor fills are 0

  /** Rows of `length` floats: each target row is a sum over source rows. */
  const apply = ({ first, weights }: Step, targets: number, sources: number, length: number) => {
    for (let i = 0, target = 4 * targets; i < first.length; i++, target += 4 * length) {
      const source = 4 * (sources + first[i]! * length);
      kernel.gather(target, target + 4 * length, source, 4 * length, 4 * weights[i]!, 4 * weights[i + 1]!);
    }
  };
  /** Back to voxels; without a step they are there already, but not in their place. */
  const restore = (step: Step | undefined, targets: number, sources: number, length: number, count: number) => {
    if (step) apply(step, targets, sources, length);
    else arena.floats().copyWithin(targets, sources, sources + count * length);
  };
  /** Rows of x as columns, and back. */
  const transpose = (from: number, rows: number, length: number, to: number) => {
    for (let i = 0; i < rows; i += 4) {
      const row = from + i * length;
      kernel.transpose(4 * row, 4 * (row + length), 4 * length, 4 * (to + i), 4 * rows, 0);
    }
  };

  return {
    factors,
    lineLength: line,
    addFiltered(source, target) {
      const [all, allEnd] = [4 * work, 4 * (work + lines * line)];
      kernel.expand(all, allEnd, 4 * source, 4 * factors, 4 * rowLength, 4 * line);
      apply(alongZ.toCells, zCells, work, slice);
      for (let z = 0; z < alongZ.cells; z++)
        apply(alongY.toCells, zyCells + z * alongY.cells * line, zCells + z * slice, line);
      transpose(zyCells, across, rowLength, transposed);
      apply(alongX.toCells, xCells, transposed, across);
      restore(alongX.fromCells, transposed, xCells, across, nx);
      transpose(transposed, rowLength, across, zyCells);
      for (let z = 0; z < alongZ.cells; z++)
        restore(alongY.fromCells, zCells + z * slice, zyCells + z * alongY.cells * line, line, ny);
      restore(alongZ.fromCells, work, zCells, slice, nz);
      kernel.reduce(4 * target, 4 * (target + padded.length), all, 4 * factors, 4 * rowLength, 4 * line);
    },
  };
}

interface Axis {
  readonly cells: number;
  readonly toCells: Step;
  readonly fromCells: Step | undefined;
}

function placed(arena: Arena, { cells, toCells, fromCells }: AxisFilter): Axis {
  const place = (taps: readonly Taps[]): Step => {
    const weights = [arena.allocate(taps.reduce((sum, tap) => sum + tap.weights.length, 0))];
    for (const [i, tap] of taps.entries()) {
      arena.floats().set(tap.weights, weights[i]!);
      weights.push(weights[i]! + tap.weights.length);
    }
    return { first: taps.map(({ first }) => first), weights };
  };
  return { cells, toCells: place(toCells), fromCells: fromCells && place(fromCells) };
}

function wholeBlocks(length: number): number {
  return 16 * Math.ceil(length / 16);
}
