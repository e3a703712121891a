import { ConfigError, FormatError } from "../../../errors.js";
import { type Vector3, type Volume, voxelCount } from "../../../volume/index.js";
import { type Statistics, statisticsOf, valueWarnings } from "../statistics.js";
import { type MrcHeader, mrcOrigin, parseMrcHeader } from "./header.js";
import { decodeVoxels, MRC_MODES } from "./modes.js";

/** How strictly an MRC file is read, and its voxel size. */
export interface ReadMrcOptions {
  /** Named in messages, e.g. the file's path. */
  readonly name?: string;
  /** Overrides the header's voxel size, which is often missing or wrong. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Keep what can be kept: a truncated file is filled up with zeros, with a warning. */
  readonly permissive?: boolean;
}

/** A volume of an MRC file, with its header and what looks wrong with it. */
export interface MrcReading {
  /** `voxelSizeAngstrom` is NaN when unknown, so that no guess passes for a fact. */
  readonly volume: Volume;
  readonly header: MrcHeader;
  /** The option if given, else the header's; undefined when neither states one. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What the file itself says, whatever was given. */
  readonly statedVoxelSizeAngstrom: number | undefined;
  readonly originAngstrom: Vector3 | undefined;
  readonly statistics: Statistics;
  readonly warnings: string[];
}

/**
 * Reads an MRC file held in memory into `[nz, ny, nx]`, whatever its byte order, mode and axis order.
 * @throws FormatError when it is not an MRC file, is truncated (unless `permissive`), or has an unreadable mode.
 * @throws ConfigError when the given voxel size is not a positive number.
 */
export function readMrc(bytes: Uint8Array, options: ReadMrcOptions = {}): MrcReading {
  const { name = "MRC", permissive = false } = options;
  const { header, warnings } = parseMrcHeader(bytes, { name });
  const data = decodeVoxels(dataBytes(bytes, header, { name, permissive, warnings }), header.mode, header);
  const ordered = inAxisOrder(data, header);
  const statistics = statisticsOf(ordered);
  warnings.push(...valueWarnings(statistics));
  const voxelSizeAngstrom = chosenVoxelSize(header, options.voxelSizeAngstrom, warnings);
  return {
    volume: { data: ordered, shape: header.shape, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    header,
    voxelSizeAngstrom,
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    originAngstrom: mrcOrigin(header, voxelSizeAngstrom),
    statistics,
    warnings,
  };
}

/** @throws FormatError when a file of `byteLength` is shorter than its header says; returns a warning when longer. */
export function checkMrcLength(header: MrcHeader, byteLength: number, name: string): string | undefined {
  const expected = header.dataOffset + header.dataBytes;
  if (byteLength >= expected) return byteLength === expected ? undefined : extraBytes(byteLength - expected);
  const [sections, rows, columns] = header.storedShape;
  const beside = header.dataOffset > byteLength ? ` after a header of ${header.dataOffset}` : "";
  throw new FormatError(
    `truncated: ${columns} x ${rows} x ${sections} voxels of ${MRC_MODES[header.mode].name}${beside} need ${expected} bytes, the file has ${byteLength}`,
    name,
    {
      hint:
        2 * (byteLength - header.dataOffset) >= header.dataBytes
          ? "Copy the file again, or fill the rest with zeros: cosnet convert --permissive."
          : "Copy the file again; less than half of it is there, too little to fill up.",
    },
  );
}

/** The voxel size to use: the override, else the header's with its warnings. */
export function chosenVoxelSize(
  header: MrcHeader,
  override: number | undefined,
  warnings: string[],
): number | undefined {
  if (override === undefined) {
    warnings.push(...header.voxelSizeWarnings);
    return header.voxelSizeAngstrom;
  }
  if (!(override > 0 && Number.isFinite(override)))
    throw new ConfigError(`a voxel size must be a positive number (Å), got ${override}`);
  return override;
}

/** Stored order (sections, rows, columns) to `[nz, ny, nx]`; returns `data` itself when it is already so. */
function inAxisOrder(data: Float32Array, { axes, storedShape, shape }: MrcHeader): Float32Array {
  if (axes[0] === 2 && axes[1] === 1) return data;
  const strides = [1, shape[2], shape[1] * shape[2]];
  const [sections, rows, columns] = storedShape;
  const [sectionStride, rowStride, columnStride] = axes.map((axis) => strides[axis]) as [number, number, number];
  const ordered = new Float32Array(voxelCount(shape));
  let from = 0;
  for (let s = 0; s < sections; s++)
    for (let r = 0; r < rows; r++) {
      let to = s * sectionStride + r * rowStride;
      for (let c = 0; c < columns; c++, to += columnStride) ordered[to] = data[from++];
    }
  return ordered;
}

function dataBytes(
  bytes: Uint8Array,
  header: MrcHeader,
  { name, permissive, warnings }: { name: string; permissive: boolean; warnings: string[] },
): Uint8Array {
  const present = bytes.subarray(header.dataOffset, header.dataOffset + header.dataBytes);
  // Even a permissive reader allocates no more than twice what is there: a corrupt header must not claim gigabytes.
  if (!permissive || present.byteLength * 2 < header.dataBytes) {
    const warning = checkMrcLength(header, bytes.byteLength, name);
    if (warning) warnings.push(warning);
    return present;
  }
  if (present.byteLength === header.dataBytes) return present;
  const missing = header.dataBytes - present.byteLength;
  warnings.push(`truncated: the last ${missing} of ${header.dataBytes} bytes are missing and taken as zero`);
  const filled = new Uint8Array(header.dataBytes);
  filled.set(present);
  return filled;
}

function extraBytes(count: number): string {
  return `${count} bytes follow the data and are ignored`;
}
