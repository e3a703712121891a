import { FormatError } from "../../../errors.js";
import { decodeFloat16 } from "../mrc/float16.js";

/** A NumPy array as float32 in C order (last axis fastest), whatever it was in the file. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** NumPy's type string in the file, e.g. "<f4". */
  readonly type: string;
  readonly fortranOrder: boolean;
}

type Reader = (view: DataView, at: number, little: boolean) => number;

const READERS: Readonly<Record<string, { bytes: number; read: Reader }>> = {
  b1: { bytes: 1, read: (view, at) => (view.getUint8(at) ? 1 : 0) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  f2: { bytes: 2, read: (view, at, little) => decodeFloat16(Uint16Array.of(view.getUint16(at, little)))[0] },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

export function looksLikeNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads an .npy file of real numbers, versions 1 to 3, both byte orders, C or Fortran order.
 * Source: "A Simple File Format for NumPy Arrays" (NEP 1) and numpy.lib.format.
 * @throws FormatError for other content, complex numbers, records or objects, and truncated files.
 */
export function readNpy(bytes: Uint8Array, { name = "NPY" }: { name?: string } = {}): NpyArray {
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
  const reader = READERS[type?.slice(1) ?? ""];
  if (!type || !reader)
    throw new FormatError(`arrays of type ${type ?? "(records)"} cannot be read`, name, {
      hint: "Save the array as float32: numpy.save(file, array.astype('float32')).",
    });
  const count = shape.reduce((product, n) => product * n, 1);
  const offset = start + headerLength;
  if (offset + count * reader.bytes > bytes.byteLength)
    throw new FormatError(
      `truncated: shape (${shape.join(", ")}) of ${type} needs ${offset + count * reader.bytes} bytes, the file has ${bytes.byteLength}`,
      name,
    );
  const data = new Float32Array(count);
  const little = type[0] !== ">";
  for (let i = 0, at = offset; i < count; i++, at += reader.bytes) data[i] = reader.read(view, at, little);
  return { shape, data: fortranOrder ? toCOrder(data, shape) : data, type, fortranOrder };
}

/** The bytes of a version 1 .npy file of little-endian float32 in C order. */
export function writeNpy({ shape, data }: Pick<NpyArray, "shape" | "data">): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Magic, version and length take 10 bytes; the data start on a multiple of 64.
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + headerLength + 4 * data.length);
  bytes.set([...MAGIC, 1, 0, headerLength & 0xff, headerLength >> 8]);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(headerLength - 1)}\n`), 10);
  const view = new DataView(bytes.buffer, 10 + headerLength);
  for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i], true);
  return bytes;
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
