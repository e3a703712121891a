/**
 * Values with typed arrays as bytes: a JSON text in which arrays are numbered, and after it their bytes. All is little-endian:
 * byte length of the text (uint32), the text, and each array at the next multiple of 8.
 */
import { FormatError } from "../../errors.js";

const ARRAY_TYPES = {
  Uint8Array,
  Int8Array,
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
  const pieces = envelopePieces(value);
  const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.byteLength;
  }
  return bytes;
}

/** The same in pieces, of which those of arrays are their own memory: copying megabytes costs as much as sending them. */
export function envelopePieces(value: unknown): Uint8Array[] {
  const arrays: AnyArray[] = [];
  const text = new TextEncoder().encode(
    JSON.stringify(value ?? null, (_key, part: unknown) => {
      const type = arrayTypeOf(part);
      if (!type) return part;
      arrays.push(part as AnyArray);
      return { $array: type, length: (part as AnyArray).length } satisfies Placeholder;
    }),
  );
  const head = new Uint8Array(4 + text.byteLength);
  new DataView(head.buffer).setUint32(0, text.byteLength, true);
  head.set(text, 4);
  const pieces = [head];
  let end = head.byteLength;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    pieces.push(new Uint8Array(aligned(end) - end), new Uint8Array(buffer, byteOffset, byteLength));
    end = aligned(end) + byteLength;
  }
  return pieces;
}

/** Arrays may be views of the bytes. @throws FormatError when the bytes are no envelope. */
export function decodeEnvelope(bytes: Uint8Array<ArrayBuffer>): unknown {
  // Arrays lie at multiples of 8 from its start, as long as that lies at one, too.
  const whole = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const { buffer, byteOffset } = whole;
  const textLength = whole.byteLength < 4 ? Number.NaN : new DataView(buffer, byteOffset).getUint32(0, true);
  let end = 4 + textLength;
  if (!(end <= whole.byteLength)) throw malformed();
  const take = ({ $array, length }: Placeholder): AnyArray => {
    const Type = Object.hasOwn(ARRAY_TYPES, $array) ? ARRAY_TYPES[$array] : undefined;
    const start = aligned(end);
    if (!Type || !Number.isSafeInteger(length) || length < 0) throw malformed();
    end = start + length * Type.BYTES_PER_ELEMENT;
    if (end > whole.byteLength) throw malformed();
    return new Type(buffer, byteOffset + start, length);
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
