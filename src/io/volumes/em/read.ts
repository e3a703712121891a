import { FormatError } from "../../../errors.js";
import type { Shape3, Volume } from "../../../volume/index.js";
import { type ByteOrder, decodeNumbers, type ElementType, elementBytes, viewNumbers } from "../numbers.js";
import type { RandomAccessSource, VolumeReader } from "../random-access.js";
import { type Statistics, statisticsOf } from "../statistics.js";
import { storedBlocks } from "../stored-blocks.js";

const EM_HEADER_BYTES = 512;

/** Voxel types by the header's fourth byte (TOM toolbox and PyTom write 5; particle lists also 9). */
const EM_TYPES: Readonly<Record<number, ElementType>> = {
  1: "int8",
  2: "int16",
  4: "int32",
  5: "float32",
  9: "float64",
};

/** The fields of an EM header. */
export interface EmHeader {
  readonly type: string;
  readonly byteOrder: ByteOrder;
  readonly shape: Shape3;
  readonly comment: string;
  /** Undefined when the header does not state a plausible one, as is usual. */
  readonly voxelSizeAngstrom: number | undefined;
}

/** The name that errors give an EM file, and its voxel size. */
export interface ReadEmOptions {
  readonly name?: string;
  /** Overrides the header's voxel size. */
  readonly voxelSizeAngstrom?: number | undefined;
}

/** Whether bytes could be a whole .em file: a known type, and sizes that explain the length exactly. */
export function looksLikeEm(bytes: Uint8Array, byteLength = bytes.byteLength): boolean {
  return emHeaderOf(bytes, byteLength) !== undefined;
}

/** Type, byte order and shape by the header alone; undefined when they do not explain the file's length. */
export function emHeaderOf(
  bytes: Uint8Array,
  byteLength = bytes.byteLength,
): { readonly type: ElementType; readonly byteOrder: ByteOrder; readonly shape: Shape3 } | undefined {
  const byteOrder = bytes.byteLength < EM_HEADER_BYTES ? undefined : orderOf(bytes, byteLength);
  if (!byteOrder) return undefined;
  const [nx, ny, nz] = sizes(bytes, byteOrder === "little");
  return { type: EM_TYPES[bytes[3]], byteOrder, shape: [nz, ny, nx] };
}

/** What a header says and what looks wrong with it. @throws FormatError when it does not explain the file's length. */
function readHeader(
  bytes: Uint8Array,
  byteLength: number,
  { name = "EM", voxelSizeAngstrom: given }: ReadEmOptions,
): { header: EmHeader & { readonly type: ElementType }; voxelSizeAngstrom: number | undefined; warnings: string[] } {
  if (bytes.byteLength < EM_HEADER_BYTES)
    throw new FormatError(`${bytes.byteLength} bytes are too few for the 512-byte EM header`, name);
  const form = emHeaderOf(bytes, byteLength);
  if (!form) {
    const [nx, ny, nz] = sizes(bytes, true);
    throw new FormatError(
      `type ${bytes[3]} and sizes ${nx} x ${ny} x ${nz} do not explain the file's ${byteLength} bytes`,
      name,
      { hint: "The file is truncated, complex-valued, or not an EM file." },
    );
  }
  const { shape } = form;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const comment = new TextDecoder("latin1").decode(bytes.subarray(16, 96)).split("\0")[0].trim();
  // The seventh of the forty parameters is the pixel size in nm times 1000; many programs leave rubbish there.
  const stated = view.getInt32(120, form.byteOrder === "little") / 100;
  const header = {
    ...form,
    comment: /^A+$/.test(comment) ? "" : comment,
    voxelSizeAngstrom: stated >= 0.05 && stated <= 1000 ? stated : undefined,
  };
  const voxelSizeAngstrom = given ?? header.voxelSizeAngstrom;
  const warnings = voxelSizeAngstrom === undefined ? ["the header states no voxel size"] : [];
  if (shape[2] === 20 && shape[0] === 1)
    warnings.push("20 columns and one section: this is a particle list (motl), not a volume");
  return { header, voxelSizeAngstrom, warnings };
}

/**
 * Reads a volume in the EM format of TOM, STOPGAP and PyTom. Density keeps the file's sign.
 * @throws FormatError when the header is corrupt or the file is truncated.
 */
export function readEm(
  bytes: Uint8Array,
  options: ReadEmOptions = {},
): {
  volume: Volume;
  header: EmHeader;
  voxelSizeAngstrom: number | undefined;
  statedVoxelSizeAngstrom: number | undefined;
  statistics: Statistics;
  warnings: string[];
} {
  const { header, voxelSizeAngstrom, warnings } = readHeader(bytes, bytes.byteLength, options);
  const data = decodeNumbers(bytes.subarray(EM_HEADER_BYTES), header.type, header.byteOrder);
  const statistics = statisticsOf(data);
  if (statistics.nanCount > 0) warnings.push(`${statistics.nanCount} of ${statistics.count} values are NaN`);
  return {
    volume: { data, shape: header.shape, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
    header,
    voxelSizeAngstrom,
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    statistics,
    warnings,
  };
}

/** Opens an EM file of any size: only what is asked for is read. @throws FormatError as `readEm`. */
export async function openEm(source: RandomAccessSource, options: ReadEmOptions = {}): Promise<VolumeReader> {
  const start = await source.read(0, Math.min(EM_HEADER_BYTES, source.byteLength));
  const { header, voxelSizeAngstrom, warnings } = readHeader(start, source.byteLength, options);
  const { shape, type, byteOrder } = header;
  return {
    ...{ shape, voxelSizeAngstrom, warnings },
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    ...storedBlocks(source, {
      ...{ storedShape: shape, offsetBytes: EM_HEADER_BYTES, bytesPerVoxel: elementBytes(type) },
      view: (bytes) => viewNumbers(bytes, type, byteOrder),
    }),
  };
}

/** The byte order in which the sizes explain the length; the first byte (machine code) is not always right. */
function orderOf(bytes: Uint8Array, byteLength: number): ByteOrder | undefined {
  const type = EM_TYPES[bytes[3]];
  if (!type) return undefined;
  return (["little", "big"] as const).find((order) => {
    const [nx, ny, nz] = sizes(bytes, order === "little");
    return nx > 0 && ny > 0 && nz > 0 && EM_HEADER_BYTES + nx * ny * nz * elementBytes(type) === byteLength;
  });
}

function sizes(bytes: Uint8Array, little: boolean): [number, number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, EM_HEADER_BYTES);
  return [view.getInt32(4, little), view.getInt32(8, little), view.getInt32(12, little)];
}
