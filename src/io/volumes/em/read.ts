import { FormatError } from "../../../errors.js";
import type { Shape3, Volume } from "../../../volume/index.js";
import { type ByteOrder, decodeNumbers, type ElementType, elementBytes } from "../numbers.js";
import { type Statistics, statisticsOf } from "../statistics.js";

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

/**
 * Reads a volume in the EM format of TOM, STOPGAP and PyTom. Density keeps the file's sign.
 * @throws FormatError when the header is corrupt or the file is truncated.
 */
export function readEm(
  bytes: Uint8Array,
  { name = "EM", voxelSizeAngstrom }: ReadEmOptions = {},
): {
  volume: Volume;
  header: EmHeader;
  voxelSizeAngstrom: number | undefined;
  statedVoxelSizeAngstrom: number | undefined;
  statistics: Statistics;
  warnings: string[];
} {
  if (bytes.byteLength < EM_HEADER_BYTES)
    throw new FormatError(`${bytes.byteLength} bytes are too few for the 512-byte EM header`, name);
  const form = emHeaderOf(bytes);
  if (!form) {
    const [nx, ny, nz] = sizes(bytes, true);
    throw new FormatError(
      `type ${bytes[3]} and sizes ${nx} x ${ny} x ${nz} do not explain the file's ${bytes.byteLength} bytes`,
      name,
      { hint: "The file is truncated, complex-valued, or not an EM file." },
    );
  }
  const { shape } = form;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = decodeNumbers(bytes.subarray(EM_HEADER_BYTES), form.type, form.byteOrder);
  const comment = new TextDecoder("latin1").decode(bytes.subarray(16, 96)).split("\0")[0].trim();
  // The seventh of the forty parameters is the pixel size in nm times 1000; many programs leave rubbish there.
  const stated = view.getInt32(120, form.byteOrder === "little") / 100;
  const header: EmHeader = {
    ...form,
    comment: /^A+$/.test(comment) ? "" : comment,
    voxelSizeAngstrom: stated >= 0.05 && stated <= 1000 ? stated : undefined,
  };
  const size = voxelSizeAngstrom ?? header.voxelSizeAngstrom;
  const statistics = statisticsOf(data);
  const warnings: string[] = [];
  if (size === undefined) warnings.push("the header states no voxel size");
  if (statistics.nanCount > 0) warnings.push(`${statistics.nanCount} of ${statistics.count} values are NaN`);
  if (shape[2] === 20 && shape[0] === 1)
    warnings.push("20 columns and one section: this is a particle list (motl), not a volume");
  return {
    volume: { data, shape, voxelSizeAngstrom: size ?? Number.NaN },
    header,
    voxelSizeAngstrom: size,
    statedVoxelSizeAngstrom: header.voxelSizeAngstrom,
    statistics,
    warnings,
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
