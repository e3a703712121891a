/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header (name -> dtype, shape, byte range; strings
 * under `__metadata__`), then the raw little-endian data. https://github.com/huggingface/safetensors
 */
import { FormatError } from "../errors.js";

interface ElementTypes {
  readonly F32: Float32Array;
  readonly F64: Float64Array;
  readonly I32: Int32Array;
  readonly I64: BigInt64Array;
  readonly U8: Uint8Array;
}
type ElementType = keyof ElementTypes;

export type SafetensorsArray = {
  readonly [T in ElementType]: { readonly dtype: T; readonly shape: readonly number[]; readonly data: ElementTypes[T] };
}[ElementType];

export interface Safetensors {
  readonly arrays: Map<string, SafetensorsArray>;
  readonly metadata: Readonly<Record<string, string>>;
}

const CONSTRUCTORS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;

/** The format's own limit. */
const LONGEST_HEADER_BYTES = 100_000_000;

export function writeSafetensors(
  arrays: ReadonlyMap<string, SafetensorsArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const [name, { dtype, shape, data }] of arrays) {
    header[name] = { dtype, shape, data_offsets: [length, length + data.byteLength] };
    length += data.byteLength;
  }
  const text = JSON.stringify(header);
  // Spaces up to a multiple of eight keep the data aligned.
  const json = new TextEncoder().encode(
    text.padEnd(text.length + ((8 - (new TextEncoder().encode(text).length % 8)) % 8)),
  );
  const bytes = new Uint8Array(8 + json.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  let offset = 8 + json.length;
  for (const { data } of arrays.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * @throws FormatError when the header is not what the format says, or a tensor's byte range does not fit its shape or
 * the file. Nothing is allocated before that is known.
 */
export function readSafetensors(bytes: Uint8Array, { name }: { readonly name: string }): Safetensors {
  const fail = (message: string, cause?: unknown): never => {
    throw new FormatError(message, name, { cause, hint: "The file is damaged or not a safetensors file." });
  };
  if (bytes.length < 8) fail(`a safetensors file has at least 8 bytes, this one has ${bytes.length}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > LONGEST_HEADER_BYTES || 8 + headerLength > bytes.length)
    fail(`the header claims ${headerLength} bytes, the file has ${bytes.length}`);
  let header: Record<string, unknown> = {};
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)));
  } catch (cause) {
    fail("the header is not JSON", cause);
  }
  const start = 8 + headerLength;
  const arrays = new Map<string, SafetensorsArray>();
  for (const [key, entry] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
    if (typeof dtype !== "string" || !(dtype in CONSTRUCTORS))
      fail(`tensor ${key} has type ${dtype}, which is not read`);
    const lengths = isCounts(shape) ? shape : fail(`tensor ${key} has no shape`);
    const [from, to] = isCounts(offsets) && offsets.length === 2 ? offsets : fail(`tensor ${key} has no byte range`);
    const make = CONSTRUCTORS[dtype as ElementType];
    const count = lengths.reduce((product, length) => product * length, 1);
    if (to! - from! !== count * make.BYTES_PER_ELEMENT || start + to! > bytes.length)
      fail(`tensor ${key} of shape [${lengths.join(", ")}] does not fit its ${to! - from!} bytes or the file`);
    const data = new make(bytes.slice(start + from!, start + to!).buffer);
    // dtype and constructor come from the same table entry; TypeScript cannot correlate the two.
    arrays.set(key, { dtype, shape: lengths, data } as SafetensorsArray);
  }
  return { arrays, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
