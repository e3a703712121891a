import type { Arena } from "../kernel/arena.js";
import { axisFilter } from "./axis-filter.js";
import { axisSteps } from "./axis-steps.js";
import type { IntensityFactors } from "./intensity-factors.js";
import type { PaddedShape } from "./padded-volume.js";
import type { AddFiltered } from "./spatial-filter.js";

/** Factors that lie side by side at each voxel and cell: sixteen are four vectors, which suits the kernel best. */
const TOGETHER = 16;
/** Floats that the cells may take: in large volumes fewer factors go together. */
const CELL_FLOATS = 2 ** 23;
/** Floats of voxels with their factors before they become cells: what a core's own caches hold. */
const LINE_FLOATS = 2 ** 14;

/**
 * The kernel `exp(-|p_i - p_j|^2 / 2 sigma^2 - (I_i - I_j)^2 / 2)`: for each factor of the intensity part a Gaussian of position.
 * Voxels become cells some lines at a time, so that the products of all voxels with all factors, many times the volume, are never in
 * memory together.
 */
export function appearanceFilter(
  arena: Arena,
  padded: PaddedShape,
  sigmaVoxels: number,
  { tables: functions, nodes: unpadded }: IntensityFactors,
  scale: number,
): AddFiltered {
  const [nz, ny] = padded.shape;
  const axes = [nz, ny, padded.rowLength].map((edge) => axisFilter(edge, sigmaVoxels)) as [Axis, Axis, Axis];
  const nodes = placeNodes(arena, unpadded, padded);
  const rank = functions.length;
  const cells = nz * axes[1].cells * axes[2].cells;
  const most = Math.max(4, Math.min(TOGETHER, 4 * Math.floor(CELL_FLOATS / (4 * cells))));
  const groups = Math.ceil(rank / most);
  const width = 4 * Math.ceil(rank / (4 * groups));
  const filter = groupFilter(arena, padded, axes, width);
  const tables = Array.from({ length: groups }, (_, group) =>
    placeTable(arena, functions.slice(group * width, (group + 1) * width), width),
  );
  return (source, target) => {
    for (const table of tables) filter(source, target, scale, nodes, table);
  };
}

type Axis = ReturnType<typeof axisFilter>;

/** For `width` factors, whose values at each node are at `table`. */
function groupFilter(
  arena: Arena,
  { shape, rowLength }: PaddedShape,
  [z, y, x]: readonly [Axis, Axis, Axis],
  width: number,
) {
  const { kernel } = arena;
  const [nz, ny] = shape;
  const [voxelLine, cellLine] = [rowLength * width, x.cells * width];
  const cellSlice = y.cells * cellLine;
  const alongX = axisSteps(arena, x, width, width);
  const alongY = axisSteps(arena, y, cellLine, cellLine);
  const alongZ = axisSteps(arena, z, cellSlice, cellSlice);
  const together = Math.max(1, Math.min(ny, Math.floor(LINE_FLOATS / voxelLine)));
  const voxels = arena.scratch(together * voxelLine + ny * cellLine + 2 * Math.max(nz, z.cells) * cellSlice);
  const lines = voxels + together * voxelLine;
  const slices = lines + ny * cellLine;
  const cells = slices + Math.max(nz, z.cells) * cellSlice;
  /** Calls `each` for some lines of a slice at a time: the first, their number, and the first one's index in a padded volume. */
  const inSlice = (slice: number, each: (line: number, count: number, at: number) => void) => {
    for (let line = 0; line < ny; line += together)
      each(line, Math.min(together, ny - line), (slice * ny + line) * rowLength);
  };
  return (source: number, target: number, scale: number, nodes: number, table: number) => {
    for (let slice = 0; slice < nz; slice++) {
      inSlice(slice, (line, count, at) => {
        const end = voxels + count * voxelLine;
        kernel.expand(
          4 * voxels,
          4 * end,
          4 * (source + at),
          4 * (scale + at),
          4 * nodes + 2 * at,
          4 * table,
          4 * width,
        );
        alongX.toCells(lines + line * cellLine, voxels, count);
      });
      alongY.toCells(slices + slice * cellSlice, lines, 1);
    }
    alongZ.toCells(cells, slices, 1);
    alongZ.blur(slices, cells, 1);
    alongY.blur(cells, slices, z.cells);
    alongX.blur(slices, cells, z.cells * y.cells);
    const filtered = alongZ.fromCells(cells, slices, 1);
    for (let slice = 0; slice < nz; slice++) {
      const ofSlice = alongY.fromCells(lines, filtered + slice * cellSlice, 1);
      inSlice(slice, (line, count, at) => {
        const products = alongX.fromCells(voxels, ofSlice + line * cellLine, count);
        const [from, end] = [4 * (target + at), 4 * (target + at + count * rowLength)];
        kernel.reduce(from, end, 4 * (scale + at), 4 * products, 4 * nodes + 2 * at, 4 * table, 4 * width);
      });
    }
  };
}

/** The node of each voxel's intensities, as a padded volume of 16-bit integers. */
function placeNodes(arena: Arena, nodes: Uint16Array, { shape, lines, rowLength, length }: PaddedShape): number {
  const nx = shape[2];
  const at = arena.allocate(Math.ceil(length / 2));
  const padded = new Uint16Array(arena.floats().buffer, 4 * at, length);
  padded.fill(0);
  for (let line = 0; line < lines; line++) padded.set(nodes.subarray(line * nx, (line + 1) * nx), line * rowLength);
  return at;
}

/** `[node, width]`: the values of up to `width` functions, the missing ones 0. */
function placeTable(arena: Arena, functions: readonly Float32Array[], width: number): number {
  const nodes = functions[0].length;
  const table = arena.allocate(nodes * width);
  const floats = arena.floats();
  floats.fill(0, table, table + nodes * width);
  for (const [r, values] of functions.entries())
    for (let node = 0, at = table + r; node < nodes; node++, at += width) floats[at] = values[node];
  return table;
}
