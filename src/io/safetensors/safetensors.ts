import { FormatError } from "../../errors.js";
import { isRecord, type JsonRecord } from "../text/json.js";

/** The array that holds each type's values. Half-precision types keep their bit patterns, BOOL its bytes. */
const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies { [T in SafetensorsType]: new (buffer: ArrayBuffer) => TypedArrays[T] };

/** Element types of safetensors that are read and written. */
export type SafetensorsType = keyof TypedArrays;

/** The typed array of each element type. */
export interface TypedArrays {
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly F16: Uint16Array;
  readonly BF16: Uint16Array;
  readonly I64: BigInt64Array;
  readonly U64: BigUint64Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly I16: Int16Array;
  readonly U16: Uint16Array;
  readonly I8: Int8Array;
  readonly U8: Uint8Array;
  readonly BOOL: Uint8Array;
}

/** One tensor; a distinct type for each `dtype`, so that checking it tells the array type. */
export type SafetensorsArray = {
  [T in SafetensorsType]: {
    readonly dtype: T;
    readonly shape: readonly number[];
    readonly data: TypedArrays[T];
  };
}[SafetensorsType];

/** The arrays of a safetensors file by name, and its metadata. */
export interface Safetensors {
  readonly arrays: ReadonlyMap<string, SafetensorsArray>;
  /** Free text by key, such as a model's preset or a training's state. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference implementation's limit: a larger header is an attack or noise. */
const MAXIMUM_HEADER_BYTES = 100_000_000;

/** Whether bytes start like a safetensors file: a plausible header length, then a JSON object. */
export function looksLikeSafetensors(bytes: Uint8Array, byteLength = bytes.byteLength): boolean {
  if (bytes.byteLength < 9 || bytes[8] !== 0x7b) return false;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return length >= 2 && length <= Math.min(MAXIMUM_HEADER_BYTES, byteLength - 8);
}

/**
 * Reads a safetensors file: 8 bytes of header length, a JSON header, the tensors' bytes without gaps. Every length and
 * offset is checked before anything is allocated; the arrays returned are copies.
 * @throws FormatError when the file is corrupt or truncated.
 */
export function readSafetensors(bytes: Uint8Array, { name = "safetensors" }: { name?: string } = {}): Safetensors {
  const { entries, metadata, dataOffset } = readSafetensorsHeader(bytes, { name });
  const arrays = new Map<string, SafetensorsArray>();
  for (const { key, dtype, shape, begin, end } of entries) {
    // A copy, because typed arrays need alignment; not slice(): that of a Node Buffer shares memory.
    const { buffer } = new Uint8Array(bytes.subarray(dataOffset + begin, dataOffset + end));
    arrays.set(key, { dtype, shape, data: new ARRAYS[dtype](buffer) } as SafetensorsArray);
  }
  return { arrays, metadata };
}

/** What a safetensors file holds, without the tensors. `bytes` may end after the header if `byteLength` is given. */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  { name = "safetensors", byteLength = bytes.byteLength }: { name?: string; byteLength?: number } = {},
) {
  if (!looksLikeSafetensors(bytes, byteLength))
    throw new FormatError("not a safetensors file, or truncated within its header", name);
  const dataOffset = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata = {}, ...declared } = parseHeader(bytes.subarray(8, dataOffset), name);
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string"))
    throw new FormatError("__metadata__ is not a set of texts", name);
  const entries = Object.entries(declared).map(([key, value]) => checkEntry(key, value, name));
  let expected = 0;
  for (const { key, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) throw new FormatError(`tensor "${key}" starts at byte ${begin}, not ${expected}`, name);
    expected = end;
  }
  if (dataOffset + expected !== byteLength)
    throw new FormatError(
      `${byteLength < dataOffset + expected ? "truncated: " : ""}the tensors need ${dataOffset + expected} bytes, the file has ${byteLength}`,
      name,
    );
  return { entries, metadata: metadata as Record<string, string>, dataOffset };
}

/** The bytes of a safetensors file; the same tensors in the same order give the same bytes. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [key, { dtype, shape, data }] of tensors) {
    const count = shape.reduce((product, n) => product * n, 1);
    if (count !== data.length)
      throw new FormatError(`tensor "${key}" of shape [${shape.join(", ")}] has ${data.length} values`, "safetensors");
    header[key] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces up to a multiple of 8, so that the tensors are aligned in the file.
  const headerLength = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 0, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function parseHeader(bytes: Uint8Array, name: string): JsonRecord {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (cause) {
    throw new FormatError("the header is not JSON", name, { cause });
  }
  throw new FormatError("the header is not a JSON object", name);
}

function checkEntry(key: string, value: unknown, name: string) {
  const where = `${name}, tensor "${key}"`;
  if (!isRecord(value)) throw new FormatError("is not described by an object", where);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(ARRAYS, dtype)) throw new FormatError(`unknown type ${dtype}`, where);
  if (!isCounts(shape)) throw new FormatError("the shape is not a list of whole numbers", where);
  if (!isCounts(offsets) || offsets.length !== 2)
    throw new FormatError("data_offsets are not two whole numbers", where);
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, n) => product * n, 1) * ARRAYS[dtype as SafetensorsType].BYTES_PER_ELEMENT;
  if (end - begin !== bytes)
    throw new FormatError(`shape [${shape.join(", ")}] of ${dtype} needs ${bytes} bytes, not ${end - begin}`, where);
  return { key, dtype: dtype as SafetensorsType, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
