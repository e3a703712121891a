import { type Shape3, voxelCount } from "../../../volume/index.js";
import type { RandomAccessSource, VolumeReader } from "../random-access.js";
import { MRC_START_BYTES, type MrcHeader, parseMrcHeader } from "./header.js";
import { decodeVoxels, MRC_MODES, viewVoxels } from "./modes.js";
import { checkMrcLength, chosenVoxelSize, type ReadMrcOptions } from "./read.js";

/** An open MRC file. */
export interface MrcReader extends VolumeReader {
  readonly header: MrcHeader;
}

/**
 * Opens an MRC file of any size, byte order, mode and axis order: only what is asked for is read.
 * @throws FormatError for a bad header or a truncated file; ConfigError for a voxel size that is not a positive number.
 */
export async function openMrc(
  source: RandomAccessSource,
  { name = "MRC", voxelSizeAngstrom: given }: Omit<ReadMrcOptions, "permissive"> = {},
): Promise<MrcReader> {
  const start = await source.read(0, Math.min(MRC_START_BYTES, source.byteLength));
  const { header, warnings } = parseMrcHeader(start, { name, byteLength: source.byteLength });
  const lengthWarning = checkMrcLength(header, source.byteLength, name);
  if (lengthWarning) warnings.push(lengthWarning);
  const voxelSizeAngstrom = chosenVoxelSize(header, given, warnings);
  const { shape } = header;
  return {
    ...{ header, shape, voxelSizeAngstrom, warnings },
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    read: (first, size) => readBlock(source, header, first, size),
  };
}

/** A block within the file. Each stored section of it is one read of its rows, or all are one where nothing lies between. */
async function readBlock(source: RandomAccessSource, header: MrcHeader, first: Shape3, size: Shape3) {
  const { axes, storedShape, mode, dataOffset } = header;
  const width = MRC_MODES[mode].bytesPerVoxel;
  const [, rows, columns] = storedShape;
  const strides = [1, size[2], size[1] * size[2]];
  const [section, row, column] = axes.map((axis) => ({
    first: first[2 - axis],
    count: size[2 - axis],
    stride: strides[axis],
  }));
  const offsetOf = (storedSection: number) =>
    dataOffset + ((storedSection * rows + row.first) * columns + column.first) * width;
  const isUsual = hasUsualAxes(header);
  const isWhole = column.count === columns;
  if (isUsual && isWhole && (row.count === rows || section.count === 1))
    return decodeVoxels(await source.read(offsetOf(section.first), voxelCount(size) * width), mode, header);
  const data = new Float32Array(voxelCount(size));
  const rowBytes = columns * width;
  for (let s = 0; s < section.count; s++) {
    const bytes = await source.read(offsetOf(section.first + s), (row.count - 1) * rowBytes + column.count * width);
    if (isUsual && isWhole) data.set(viewVoxels(bytes, mode, header), s * section.stride);
    else
      for (let r = 0; r < row.count; r++) {
        const values = viewVoxels(bytes.subarray(r * rowBytes, r * rowBytes + column.count * width), mode, header);
        const target = s * section.stride + r * row.stride;
        if (isUsual) data.set(values, target);
        else for (let c = 0; c < values.length; c++) data[target + c * column.stride] = values[c];
      }
  }
  return data;
}

/** Sections along z, rows along y, columns along x. */
export function hasUsualAxes({ axes }: Pick<MrcHeader, "axes">): boolean {
  return axes[0] === 2 && axes[1] === 1;
}
