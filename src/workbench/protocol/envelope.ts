/**
 * Values with typed arrays as bytes: a JSON text in which arrays are numbered, and after it their bytes. All is little-endian:
 * byte length of the text (uint32), the text, and each array at the next multiple of 8.
 */
import { FormatError } from "../../errors.js";

const ARRAY_TYPES = {
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int16Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayType = keyof typeof ARRAY_TYPES;
type AnyArray = InstanceType<(typeof ARRAY_TYPES)[ArrayType]>;

/** In place of an array; no other object has this key. */
interface Placeholder {
  readonly $array: ArrayType;
  readonly length: number;
}

const ALIGNMENT = 8;

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Undefined fields are left out, as in JSON. */
export function encodeEnvelope(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: AnyArray[] = [];
  const text = new TextEncoder().encode(
    JSON.stringify(value ?? null, (_key, part: unknown) => {
      const type = arrayTypeOf(part);
      if (!type) return part;
      arrays.push(part as AnyArray);
      return { $array: type, length: (part as AnyArray).length } satisfies Placeholder;
    }),
  );
  const length = arrays.reduce((end, { byteLength }) => aligned(end) + byteLength, 4 + text.byteLength);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
  bytes.set(text, 4);
  let end = 4 + text.byteLength;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), aligned(end));
    end = aligned(end) + byteLength;
  }
  return bytes;
}

/** @throws FormatError when the bytes are no envelope. */
export function decodeEnvelope(bytes: Uint8Array): unknown {
  const whole = new Uint8Array(bytes); // a copy, for arrays lie at multiples of 8 from its start
  const textLength = whole.byteLength < 4 ? Number.NaN : new DataView(whole.buffer).getUint32(0, true);
  let end = 4 + textLength;
  if (!(end <= whole.byteLength)) throw malformed();
  const take = ({ $array, length }: Placeholder): AnyArray => {
    const Type = Object.hasOwn(ARRAY_TYPES, $array) ? ARRAY_TYPES[$array] : undefined;
    const start = aligned(end);
    if (!Type || !Number.isSafeInteger(length) || length < 0) throw malformed();
    end = start + length * Type.BYTES_PER_ELEMENT;
    if (end > whole.byteLength) throw malformed();
    return new Type(whole.buffer, start, length);
  };
  try {
    // The reviver visits arrays in the order in which the replacer numbered them: that of the text.
    return JSON.parse(new TextDecoder().decode(whole.subarray(4, end)), (_key, part: unknown) =>
      isPlaceholder(part) ? take(part) : part,
    );
  } catch (cause) {
    throw cause instanceof FormatError ? cause : malformed(cause);
  }
}

function malformed(cause?: unknown): FormatError {
  return new FormatError("these bytes are not a message of the workbench", "message", { cause });
}

function isPlaceholder(part: unknown): part is Placeholder {
  return typeof part === "object" && part !== null && "$array" in part;
}

function arrayTypeOf(part: unknown): ArrayType | undefined {
  if (!ArrayBuffer.isView(part)) return undefined;
  const name = part.constructor.name;
  return Object.hasOwn(ARRAY_TYPES, name) ? (name as ArrayType) : undefined;
}
