/**
 * The MRC2014 header as one table: reading, writing, validating and the documentation all derive from it.
 * Source: Cheng et al., "MRC2014: Extensions to the MRC format header for electron cryo-microscopy and tomography",
 * J. Struct. Biol. 192 (2015) 146; the two IMOD fields follow IMOD's own description of words 39 and 40.
 */
export const MRC_HEADER_BYTES = 1024;

/** One field: `count` numbers (or characters, for "text") of `type` at `offset` bytes. */
interface FieldDeclaration {
  readonly name: string;
  readonly type: "int32" | "float32" | "text";
  readonly count: number;
  readonly offset: number;
  readonly meaning: string;
}

// biome-ignore format: one field a line reads as the table it is
export const MRC_HEADER = [
  { name: "nx", type: "int32", count: 1, offset: 0, meaning: "columns (fastest axis in the file)" },
  { name: "ny", type: "int32", count: 1, offset: 4, meaning: "rows" },
  { name: "nz", type: "int32", count: 1, offset: 8, meaning: "sections (slowest axis in the file)" },
  { name: "mode", type: "int32", count: 1, offset: 12, meaning: "voxel type: 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16" },
  { name: "nxstart", type: "int32", count: 1, offset: 16, meaning: "index of the first column in the unit cell" },
  { name: "nystart", type: "int32", count: 1, offset: 20, meaning: "index of the first row in the unit cell" },
  { name: "nzstart", type: "int32", count: 1, offset: 24, meaning: "index of the first section in the unit cell" },
  { name: "mx", type: "int32", count: 1, offset: 28, meaning: "sampling intervals along X of the cell" },
  { name: "my", type: "int32", count: 1, offset: 32, meaning: "sampling intervals along Y of the cell" },
  { name: "mz", type: "int32", count: 1, offset: 36, meaning: "sampling intervals along Z of the cell (1 in an image stack)" },
  { name: "xlen", type: "float32", count: 1, offset: 40, meaning: "cell length along X in Angstrom; voxel size = xlen / mx" },
  { name: "ylen", type: "float32", count: 1, offset: 44, meaning: "cell length along Y in Angstrom" },
  { name: "zlen", type: "float32", count: 1, offset: 48, meaning: "cell length along Z in Angstrom" },
  { name: "alpha", type: "float32", count: 1, offset: 52, meaning: "cell angle in degrees" },
  { name: "beta", type: "float32", count: 1, offset: 56, meaning: "cell angle in degrees" },
  { name: "gamma", type: "float32", count: 1, offset: 60, meaning: "cell angle in degrees" },
  { name: "mapc", type: "int32", count: 1, offset: 64, meaning: "axis of the columns (1, 2, 3 for X, Y, Z)" },
  { name: "mapr", type: "int32", count: 1, offset: 68, meaning: "axis of the rows" },
  { name: "maps", type: "int32", count: 1, offset: 72, meaning: "axis of the sections" },
  { name: "dmin", type: "float32", count: 1, offset: 76, meaning: "smallest value (above dmax when not determined)" },
  { name: "dmax", type: "float32", count: 1, offset: 80, meaning: "largest value" },
  { name: "dmean", type: "float32", count: 1, offset: 84, meaning: "mean value (below both when not determined)" },
  { name: "ispg", type: "int32", count: 1, offset: 88, meaning: "0 image stack, 1 volume, 401 stack of volumes" },
  { name: "nsymbt", type: "int32", count: 1, offset: 92, meaning: "bytes of extended header between this header and the data" },
  { name: "exttyp", type: "text", count: 4, offset: 104, meaning: "kind of extended header, e.g. FEI1" },
  { name: "nversion", type: "int32", count: 1, offset: 108, meaning: "format version: year * 10 + revision, 20141 here" },
  { name: "imodStamp", type: "int32", count: 1, offset: 152, meaning: "1146047817 when IMOD wrote the file" },
  { name: "imodFlags", type: "int32", count: 1, offset: 156, meaning: "with imodStamp: bit 0 set when mode 0 holds signed bytes" },
  { name: "originX", type: "float32", count: 1, offset: 196, meaning: "origin in Angstrom" },
  { name: "originY", type: "float32", count: 1, offset: 200, meaning: "origin in Angstrom" },
  { name: "originZ", type: "float32", count: 1, offset: 204, meaning: "origin in Angstrom" },
  { name: "map", type: "text", count: 4, offset: 208, meaning: "the characters 'MAP '" },
  { name: "machst", type: "int32", count: 1, offset: 212, meaning: "byte order: 44 44 00 00 (or 44 41) little, 11 11 00 00 big" },
  { name: "rms", type: "float32", count: 1, offset: 216, meaning: "standard deviation of the values (negative when not determined)" },
  { name: "nlabl", type: "int32", count: 1, offset: 220, meaning: "labels in use" },
  { name: "labels", type: "text", count: 800, offset: 224, meaning: "ten labels of 80 characters" },
] as const satisfies readonly FieldDeclaration[];

/** A field of the MRC header. */
export type Field = (typeof MRC_HEADER)[number];

/** The header's fields by name. `machst` is the stamp's four bytes read as one big-endian number. */
export type MrcFields = { -readonly [F in Field as F["name"]]: F["type"] extends "text" ? string : number };

/** Reads every field of the table; `bytes` must hold at least 1024 bytes. */
export function decodeMrcFields(bytes: Uint8Array, littleEndian: boolean): MrcFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, MRC_HEADER_BYTES);
  const fields: Record<string, number | string> = {};
  for (const { name, type, count, offset } of MRC_HEADER) {
    if (type === "text") fields[name] = String.fromCharCode(...bytes.subarray(offset, offset + count));
    else if (type === "float32") fields[name] = view.getFloat32(offset, littleEndian);
    else fields[name] = name === "machst" ? view.getUint32(offset, false) : view.getInt32(offset, littleEndian);
  }
  return fields as MrcFields;
}

/** The 1024 header bytes of `fields`; fields that are not given are zero (text: NUL). */
export function encodeMrcFields(fields: Partial<MrcFields>, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(MRC_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const { name, type, count, offset } of MRC_HEADER) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value === "string")
      for (let i = 0; i < Math.min(count, value.length); i++) bytes[offset + i] = value.charCodeAt(i) & 0xff;
    else if (type === "float32") view.setFloat32(offset, value, littleEndian);
    else if (name === "machst") view.setUint32(offset, value, false);
    else view.setInt32(offset, value, littleEndian);
  }
  return bytes;
}
