import { FormatError } from "../../../errors.js";
import { type ByteOrder, decodeNumbers, type ElementType, elementBytes, littleEndianBytes } from "../numbers.js";

/** A NumPy array as float32 in C order (last axis fastest), whatever it was in the file. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** NumPy's type string in the file, e.g. "<f4". */
  readonly type: string;
  readonly fortranOrder: boolean;
}

/** NumPy's type codes, after the letter of the byte order. */
const TYPES: Readonly<Record<string, ElementType>> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Whether bytes begin as every .npy file does (NEP 1). */
export function looksLikeNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** What the beginning of an .npy file says of its values. */
export interface NpyHeader extends Pick<NpyArray, "shape" | "type" | "fortranOrder"> {
  readonly element: ElementType;
  readonly byteOrder: ByteOrder;
  /** Where the values begin. */
  readonly offsetBytes: number;
}

/**
 * Understands the header of an .npy file by its first bytes; headers of arrays of numbers are shorter than a kilobyte.
 * @throws FormatError as `readNpy`.
 */
export function readNpyHeader(
  bytes: Uint8Array,
  { name = "NPY", byteLength = bytes.byteLength }: { name?: string; byteLength?: number } = {},
): NpyHeader {
  if (!looksLikeNpy(bytes) || bytes.byteLength < 12) throw new FormatError("not an .npy file", name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const text = new TextDecoder().decode(bytes.subarray(start, start + headerLength));
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const fortranOrder = /'fortran_order'\s*:\s*True/.test(text);
  if (start + headerLength > bytes.byteLength || !/'shape'/.test(text))
    throw new FormatError("the header is corrupt or truncated", name);
  const element = TYPES[type?.slice(1) ?? ""];
  if (!type || !element)
    throw new FormatError(`arrays of type ${type ?? "(records)"} cannot be read`, name, {
      hint: "Save the array as float32: numpy.save(file, array.astype('float32')).",
    });
  const count = shape.reduce((product, n) => product * n, 1);
  const offsetBytes = start + headerLength;
  const end = offsetBytes + count * elementBytes(element);
  if (end > byteLength)
    throw new FormatError(
      `truncated: shape (${shape.join(", ")}) of ${type} needs ${end} bytes, the file has ${byteLength}`,
      name,
    );
  return { shape, type, fortranOrder, element, byteOrder: type[0] === ">" ? "big" : "little", offsetBytes };
}

/**
 * Reads an .npy file of real numbers, versions 1 to 3, both byte orders, C or Fortran order.
 * Source: "A Simple File Format for NumPy Arrays" (NEP 1) and numpy.lib.format.
 * @throws FormatError for other content, complex numbers, records or objects, and truncated files.
 */
export function readNpy(bytes: Uint8Array, options: { name?: string } = {}): NpyArray {
  const { shape, type, fortranOrder, element, byteOrder, offsetBytes } = readNpyHeader(bytes, options);
  const count = shape.reduce((product, n) => product * n, 1);
  const values = bytes.subarray(offsetBytes, offsetBytes + count * elementBytes(element));
  const data = decodeNumbers(values, element, byteOrder);
  return { shape, data: fortranOrder ? toCOrder(data, shape) : data, type, fortranOrder };
}

/** The bytes of a version 1 .npy file of little-endian float32 in C order. */
export function writeNpy({ shape, data }: Pick<NpyArray, "shape" | "data">): Uint8Array {
  const header = npyHeader(shape, "<f4");
  const bytes = new Uint8Array(header.length + 4 * data.length);
  bytes.set(header);
  bytes.set(littleEndianBytes(data), header.length);
  return bytes;
}

/** What precedes the values of a version 1 .npy file in C order: magic, version, length, and a dictionary up to a multiple of 64. */
export function npyHeader(shape: readonly number[], type: "<f4" | "|u1" | "<i8"): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  return Uint8Array.from([...MAGIC, 1, 0, length & 0xff, length >> 8, ...text]);
}

/** Reorders values stored first axis fastest to last axis fastest. */
function toCOrder(data: Float32Array, shape: readonly number[]): Float32Array {
  const strides: number[] = [];
  let stride = 1;
  for (const n of shape) {
    strides.push(stride);
    stride *= n;
  }
  const ordered = new Float32Array(data.length);
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}
