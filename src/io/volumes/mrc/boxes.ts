import { ConfigError } from "../../../errors.js";
import { centreIndex, type Vector3, type Volume } from "../../../volume/index.js";
import { type MrcHeader, parseMrcHeader } from "./header.js";
import { decodeVoxels, MRC_MODES } from "./modes.js";
import type { RandomAccessSource } from "./random-access.js";
import { checkMrcLength, chosenVoxelSize } from "./read.js";

export interface ReadMrcBoxesOptions {
  /** Centres, in Angstrom from the centre of voxel (0,0,0). */
  readonly positionsAngstrom: readonly Vector3[];
  /** Edge in voxels; the centre lands on index floor(boxSize / 2). */
  readonly boxSize: number;
  /** Overrides the header's voxel size. */
  readonly voxelSizeAngstrom?: number | undefined;
  readonly name?: string;
}

/** One box cut out of a larger file, at whole voxels. */
export interface MrcBox {
  /** Which of the given positions this is. */
  readonly index: number;
  readonly volume: Volume;
  /** Position minus the centre voxel the box was cut at: at most half a voxel along each axis. */
  readonly remainderAngstrom: Vector3;
  /** Part of the box, 0 to 1, that lies outside the file and was filled with the mean of the rest (0 if all of it). */
  readonly outsideFraction: number;
}

/**
 * Cuts cubic boxes out of an MRC file of any size, one at a time and in the order given. Each section of a box is one
 * read of its rows, so memory and disk traffic depend on the box, not on the tomogram.
 * @throws FormatError for a bad or truncated file; ConfigError when no voxel size is known or boxSize is not a positive integer.
 */
export async function* readMrcBoxes(source: RandomAccessSource, options: ReadMrcBoxesOptions): AsyncGenerator<MrcBox> {
  const { name = "MRC", boxSize } = options;
  if (!(Number.isInteger(boxSize) && boxSize > 0))
    throw new ConfigError(`the box size must be a positive whole number of voxels, got ${boxSize}`);
  const start = await source.read(0, Math.min(1024, source.byteLength));
  const { header } = parseMrcHeader(start, { name, byteLength: source.byteLength });
  checkMrcLength(header, source.byteLength, name);
  const voxelSizeAngstrom = chosenVoxelSize(header, options.voxelSizeAngstrom, []);
  if (voxelSizeAngstrom === undefined)
    throw new ConfigError(`${name}: the header states no usable voxel size`, {
      hint: "Give the voxel size in Angstrom (--voxel-size).",
    });
  for (const [index, position] of options.positionsAngstrom.entries()) {
    const centre = [position.x, position.y, position.z].map((value) => Math.round(value / voxelSizeAngstrom));
    const [x, y, z] = centre as [number, number, number];
    if (!centre.every(Number.isFinite))
      throw new ConfigError(`position ${index + 1} is not a number: ${position.x}, ${position.y}, ${position.z}`);
    const { data, outsideFraction } = await readBox(source, header, [x, y, z], boxSize);
    yield {
      index,
      volume: { data, shape: [boxSize, boxSize, boxSize], voxelSizeAngstrom },
      remainderAngstrom: {
        x: position.x - x * voxelSizeAngstrom,
        y: position.y - y * voxelSizeAngstrom,
        z: position.z - z * voxelSizeAngstrom,
      },
      outsideFraction,
    };
  }
}

async function readBox(source: RandomAccessSource, header: MrcHeader, centre: readonly number[], boxSize: number) {
  const { axes, storedShape, mode, dataOffset } = header;
  const width = MRC_MODES[mode].bytesPerVoxel;
  const [, rows, columns] = storedShape;
  const strides = [1, boxSize, boxSize * boxSize];
  // Along sections, rows and columns: the box's first index in the file, and the part of the box inside the file.
  const ranges = axes.map((axis, i) => {
    const first = centre[axis] - centreIndex(boxSize);
    const from = Math.max(0, -first);
    const to = Math.min(boxSize, storedShape[i] - first);
    return { first, from, to, stride: strides[axis] };
  });
  const [section, row, column] = ranges as [Range, Range, Range];
  const data = new Float32Array(boxSize ** 3);
  if (ranges.some(({ from, to }) => from >= to)) return { data, outsideFraction: 1 };
  const rowBytes = columns * width;
  const runBytes = (row.to - row.from - 1) * rowBytes + (column.to - column.from) * width;
  let sum = 0;
  for (let s = section.from; s < section.to; s++) {
    const firstVoxel = ((section.first + s) * rows + row.first + row.from) * columns + column.first + column.from;
    const bytes = await source.read(dataOffset + firstVoxel * width, runBytes);
    for (let r = row.from; r < row.to; r++) {
      const start = (r - row.from) * rowBytes;
      const values = decodeVoxels(bytes.subarray(start, start + (column.to - column.from) * width), mode, header);
      let target = s * section.stride + r * row.stride + column.from * column.stride;
      for (const value of values) {
        data[target] = value;
        sum += value;
        target += column.stride;
      }
    }
  }
  const inside = ranges.reduce((product, { from, to }) => product * (to - from), 1);
  if (inside < data.length) fillOutside(data, ranges as [Range, Range, Range], boxSize, sum / inside);
  return { data, outsideFraction: 1 - inside / data.length };
}

interface Range {
  readonly first: number;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

function fillOutside(data: Float32Array, [section, row, column]: [Range, Range, Range], boxSize: number, mean: number) {
  const outside = (index: number, range: Range) => index < range.from || index >= range.to;
  for (let s = 0; s < boxSize; s++)
    for (let r = 0; r < boxSize; r++) {
      const line = s * section.stride + r * row.stride;
      const whole = outside(s, section) || outside(r, row);
      for (let c = 0; c < boxSize; c++) if (whole || outside(c, column)) data[line + c * column.stride] = mean;
    }
}
