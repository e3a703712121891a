import { FormatError } from "../../../errors.js";
import type { Shape3, Vector3 } from "../../../volume/index.js";
import type { ByteOrder } from "../numbers.js";
import { decodeMrcFields, MRC_HEADER_BYTES, type MrcFields } from "./fields.js";
import { isMrcMode, MRC_MODES, type MrcMode, UNREADABLE_MODES } from "./modes.js";

/** A header that has been understood: the raw fields plus what follows from them. */
export interface MrcHeader {
  readonly fields: MrcFields;
  readonly byteOrder: ByteOrder;
  readonly mode: MrcMode;
  /** Mode 0 as 0..255 (old IMOD files) instead of -128..127. */
  readonly unsignedBytes: boolean;
  /** What is added to mode 0: 128 where IMOD wrote its 0 as -128, else 0. */
  readonly byteOffset: 0 | 128;
  /** Sections, rows, columns as stored. */
  readonly storedShape: Shape3;
  /** Which axis sections, rows and columns run along: 0 for x, 1 for y, 2 for z. `[2, 1, 0]` is the usual order. */
  readonly axes: readonly [section: number, row: number, column: number];
  /** `[nz, ny, nx]` once the axes are put in order. */
  readonly shape: Shape3;
  readonly dataOffset: number;
  readonly dataBytes: number;
  /** Undefined when the header does not state a usable one. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What is odd about the stated voxel size; of no interest to whoever overrides it. */
  readonly voxelSizeWarnings: readonly string[];
  readonly labels: readonly string[];
}

/** Larger than any detector or tomogram edge; a bigger number is noise, or the other byte order. */
const LARGEST_EDGE = 1 << 20;
const IMOD_STAMP = 1146047817;
/** No cryo-EM voxel lies outside this range, in Angstrom. */
const VOXEL_SIZE_RANGE = [0.05, 1000] as const;

/**
 * Understands an MRC2014 header (also CCP4 maps, and old files without 'MAP ' or with a wrong machine stamp).
 * `bytes` needs the first 1024 bytes only (more tells IMOD's bytes better); then `byteLength`, that of the whole file, settles byte order and finds truncation.
 * Allocates nothing of the size the header claims.
 * @throws FormatError when the bytes cannot be an MRC header, or the mode cannot be read as a volume.
 */
export function parseMrcHeader(
  bytes: Uint8Array,
  { name = "MRC", byteLength = bytes.byteLength }: { name?: string; byteLength?: number } = {},
): { header: MrcHeader; warnings: string[] } {
  if (bytes.byteLength < MRC_HEADER_BYTES)
    throw new FormatError(`${bytes.byteLength} bytes are too few for the 1024-byte MRC header`, name, {
      hint: bytes.byteLength === 0 ? "The file is empty." : "The file is truncated or is not an MRC file.",
    });
  const warnings: string[] = [];
  const byteOrder = detectByteOrder(bytes, byteLength, name, warnings);
  const fields = decodeMrcFields(bytes, byteOrder === "little");
  if (!isMrcMode(fields.mode)) throw unreadableMode(fields.mode, name);
  if (!fields.map.startsWith("MAP")) warnings.push("the header lacks the characters 'MAP ' (an old or foreign file)");
  const axes = axisOrder(fields, warnings);
  const storedShape: Shape3 = [fields.nz, fields.ny, fields.nx];
  const shape: [number, number, number] = [0, 0, 0];
  axes.forEach((axis, i) => {
    shape[2 - axis] = storedShape[i];
  });
  if (fields.nsymbt < 0)
    throw new FormatError(`negative length ${fields.nsymbt}`, `${name}, header field nsymbt`, {
      hint: "The header is corrupt.",
    });
  const header: MrcHeader = {
    fields,
    byteOrder,
    mode: fields.mode,
    unsignedBytes: fields.mode === 0 && hasUnsignedBytes(fields, warnings),
    byteOffset: fields.mode === 0 ? imodByteOffset(fields, bytes, warnings) : 0,
    storedShape,
    axes,
    shape,
    dataOffset: MRC_HEADER_BYTES + fields.nsymbt,
    dataBytes: fields.nx * fields.ny * fields.nz * MRC_MODES[fields.mode].bytesPerVoxel,
    ...statedVoxelSize(fields, shape),
    labels: labelsOf(fields),
  };
  if (fields.ispg === 401)
    warnings.push(`a stack of ${fields.mz > 0 ? fields.nz / fields.mz : "?"} volumes is read as one`);
  return { header, warnings };
}

/** Whether the first 1024 bytes could start an MRC file; the cheap question `info` asks of an unknown file. */
export function looksLikeMrc(bytes: Uint8Array, byteLength = bytes.byteLength): boolean {
  if (bytes.byteLength < MRC_HEADER_BYTES) return false;
  return ORDERS.some((order) => {
    const fields = decodeMrcFields(bytes, order === "little");
    return isPlausible(fields) && (fields.map.startsWith("MAP") || expectedBytes(fields) === byteLength);
  });
}

const ORDERS = ["little", "big"] as const;

/**
 * The machine stamp is often 0 or wrong, so plausibility decides: sizes and mode make sense in one order only.
 * When both do (tiny files), the order whose sizes explain the file's length wins, then the stamp, then little.
 */
function detectByteOrder(bytes: Uint8Array, byteLength: number, name: string, warnings: string[]): ByteOrder {
  const plausible = ORDERS.filter((order) => isPlausible(decodeMrcFields(bytes, order === "little")));
  if (plausible.length === 0) {
    const sized = ORDERS.map((order) => decodeMrcFields(bytes, order === "little")).find(hasPlausibleSizes);
    if (sized?.map.startsWith("MAP")) throw unreadableMode(sized.mode, name);
    const { nx, ny, nz, mode } = decodeMrcFields(bytes, bytes[212] !== 0x11);
    throw new FormatError(`sizes ${nx} x ${ny} x ${nz} and mode ${mode} make no sense in either byte order`, name, {
      hint: "The header is corrupt, or this is not an MRC file.",
    });
  }
  const stamp = stampOrder(bytes);
  const fitting = plausible.filter((order) => expectedBytes(decodeMrcFields(bytes, order === "little")) === byteLength);
  const candidates = fitting.length > 0 ? fitting : plausible;
  const order = stamp && candidates.includes(stamp) ? stamp : candidates[0];
  if (stamp !== order) {
    const hex = [...bytes.subarray(212, 216)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    warnings.push(`machine stamp ${hex} ${stamp ? "is wrong" : "is unknown"}; the sizes say ${order}-endian`);
  }
  return order;
}

function stampOrder(bytes: Uint8Array): ByteOrder | undefined {
  if (bytes[212] === 0x44 && (bytes[213] === 0x44 || bytes[213] === 0x41)) return "little";
  if (bytes[212] === 0x11 && bytes[213] === 0x11) return "big";
  return undefined;
}

function isPlausible(fields: MrcFields): boolean {
  return hasPlausibleSizes(fields) && (isMrcMode(fields.mode) || fields.mode in UNREADABLE_MODES);
}

function hasPlausibleSizes({ nx, ny, nz }: MrcFields): boolean {
  return [nx, ny, nz].every((n) => n > 0 && n <= LARGEST_EDGE);
}

function unreadableMode(mode: number, name: string): FormatError {
  const known = UNREADABLE_MODES[mode];
  return new FormatError(`mode ${mode} ${known ? `(${known})` : "is unknown"}`, `${name}, header field mode`, {
    hint: "Convert the file to mode 2 (float32) with the program that wrote it.",
  });
}

function expectedBytes({ nx, ny, nz, mode, nsymbt }: MrcFields): number {
  return isMrcMode(mode) ? MRC_HEADER_BYTES + nsymbt + nx * ny * nz * MRC_MODES[mode].bytesPerVoxel : Number.NaN;
}

function axisOrder({ mapc, mapr, maps }: MrcFields, warnings: string[]): MrcHeader["axes"] {
  const axes = [maps, mapr, mapc];
  if ([1, 2, 3].every((axis) => axes.includes(axis))) return [maps - 1, mapr - 1, mapc - 1];
  if (axes.some((axis) => axis !== 0))
    warnings.push(`axis order mapc/mapr/maps = ${mapc}/${mapr}/${maps} makes no sense; taken as 1/2/3`);
  return [2, 1, 0];
}

/** Old IMOD wrote mode 0 unsigned and says so in its stamp; without a stamp, a stated maximum above 127 tells. */
function hasUnsignedBytes({ imodStamp, imodFlags, dmin, dmax }: MrcFields, warnings: string[]): boolean {
  const unsigned = imodStamp === IMOD_STAMP ? (imodFlags & 1) === 0 : dmin >= 0 && dmax > 127 && dmax <= 255;
  if (unsigned) warnings.push("mode 0 is read as unsigned bytes, as the header's IMOD flag or maximum says");
  return unsigned;
}

/** How much of a file, from its first byte, is looked at for bytes of -128. */
export const MRC_START_BYTES = 65536;

/**
 * IMOD's bytes are 0 to 255; where it writes them signed, and says so, 0 is -128 in the file, and its masks hold -128 and -127.
 * Other programs pass IMOD's header on with bytes of their own, so -128 has to occur, by the stated minimum or in the first voxels.
 */
function imodByteOffset(
  { imodStamp, imodFlags, dmin, nsymbt }: MrcFields,
  bytes: Uint8Array,
  warnings: string[],
): 0 | 128 {
  if (imodStamp !== IMOD_STAMP || (imodFlags & 1) === 0) return 0;
  if (dmin !== -128 && !bytes.subarray(MRC_HEADER_BYTES + nsymbt, MRC_START_BYTES).includes(0x80)) return 0;
  warnings.push("IMOD's signed bytes are read as IMOD counts them, 0 to 255: -128 in the file is 0");
  return 128;
}

/** Voxel size = cell length / intervals. Undefined, with a warning, when missing or impossible. */
function statedVoxelSize(fields: MrcFields, shape: Shape3): Pick<MrcHeader, "voxelSizeAngstrom" | "voxelSizeWarnings"> {
  const x = fields.xlen / fields.mx;
  const y = fields.ylen / fields.my;
  const z = fields.zlen / fields.mz;
  if (!(x >= VOXEL_SIZE_RANGE[0] && x <= VOXEL_SIZE_RANGE[1])) {
    const missing = fields.xlen === 0 || fields.mx === 0;
    const warning = missing
      ? "the header states no voxel size"
      : `the header's voxel size is impossible (${fields.xlen} Å / ${fields.mx} voxels)`;
    return { voxelSizeAngstrom: undefined, voxelSizeWarnings: [warning] };
  }
  const voxelSizeWarnings: string[] = [];
  // The sections of an image stack have no spacing, so z counts for volumes only.
  const others = fields.ispg === 0 || shape[0] === 1 ? [y] : [y, z];
  if (others.some((size) => !(Math.abs(size - x) <= 0.01 * x)))
    voxelSizeWarnings.push(`voxels are not cubic (${[x, y, z].map(shortNumber).join(" x ")} Å); x is used`);
  const angles = [fields.alpha, fields.beta, fields.gamma];
  if (angles.some((angle) => angle !== 0 && Math.abs(angle - 90) > 0.1))
    voxelSizeWarnings.push(
      `the cell's angles are ${angles.map(shortNumber).join(", ")} degrees; it is read as rectangular`,
    );
  if (x === 1)
    voxelSizeWarnings.push("the header says exactly 1 Å per voxel, which many programs write when they do not know");
  return { voxelSizeAngstrom: roundedToFloat32(x), voxelSizeWarnings };
}

/** No map begins further from zero, in Å: numbers beyond are rubbish. */
const FARTHEST_ORIGIN = 1e6;

/**
 * Where viewers put the first voxel: at the origin, along x, y and z, else at the start index, which counts along columns, rows and
 * sections. Undefined where both are zero.
 */
export function mrcOrigin(
  { fields, axes }: Pick<MrcHeader, "fields" | "axes">,
  voxelSizeAngstrom: number | undefined,
): Vector3 | undefined {
  const start = [0, 0, 0];
  for (const [i, index] of [fields.nzstart, fields.nystart, fields.nxstart].entries())
    start[axes[i]] = index * (voxelSizeAngstrom ?? 0);
  const places = [[fields.originX, fields.originY, fields.originZ], start];
  const isOne = (place: readonly number[]) =>
    place.some((value) => value !== 0) && place.every((value) => Math.abs(value) <= FARTHEST_ORIGIN);
  const [x, y, z] = places.find(isOne)?.map(roundedToFloat32) ?? [];
  return x === undefined ? undefined : { x, y, z };
}

/** The shortest decimal that float32 arithmetic cannot tell from `value`: 16.4, not 16.399999828. */
function roundedToFloat32(value: number): number {
  return Number(value.toPrecision(6));
}

function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "?";
}

function labelsOf({ nlabl, labels }: MrcFields): string[] {
  return Array.from({ length: Math.max(0, Math.min(10, nlabl)) }, (_, i) =>
    labels
      .slice(i * 80, (i + 1) * 80)
      .split("\0")[0]
      .trimEnd(),
  );
}
