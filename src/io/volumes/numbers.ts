/** Numbers as files hold them: element types, byte orders, and float32 out of any of them. */
import { decodeFloat16 } from "./float16.js";

/** Order of the bytes of a number. */
export type ByteOrder = "little" | "big";

const HOST_ORDER: ByteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "little" : "big";

/** Views of elements that are aligned and in this machine's order. */
const VIEWS = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float64: Float64Array,
} as const;

/** A type of numbers in files; float16 as bit patterns. */
export type ElementType = keyof typeof VIEWS;
/** Numbers in one of the types that JavaScript computes with. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;
type ElementView = NumberArray | BigInt64Array | BigUint64Array;

/** Bytes of one number. */
export function elementBytes(type: ElementType): number {
  return VIEWS[type].BYTES_PER_ELEMENT;
}

/** The numbers that `bytes` hold, one after the other, as float32 of their own; `bytes` may lie at any address. */
export function decodeNumbers(bytes: Uint8Array, type: ElementType, order: ByteOrder): Float32Array {
  const numbers = viewNumbers(bytes, type, order);
  return numbers instanceof Float32Array && numbers.buffer !== bytes.buffer ? numbers : new Float32Array(numbers);
}

/** The same to be copied elsewhere at once: a view of `bytes` where they can be taken as they are. */
export function viewNumbers(bytes: Uint8Array, type: ElementType, order: ByteOrder): NumberArray {
  const size = elementBytes(type);
  const usable = (size === 1 || order === HOST_ORDER) && bytes.byteOffset % size === 0;
  // Not slice(): that of a Node Buffer shares memory.
  const aligned = usable ? bytes : new Uint8Array(bytes);
  if (!usable) swapToHost(aligned, size, order);
  const View: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ElementView = VIEWS[type];
  const view = new View(aligned.buffer, aligned.byteOffset, Math.floor(bytes.byteLength / size));
  if (view instanceof BigInt64Array || view instanceof BigUint64Array) return fromBigIntegers(view);
  if (type === "float16") return decodeFloat16(view as Uint16Array);
  return type === "bool" ? view.map((byte) => (byte ? 1 : 0)) : view;
}

/** The values' own bytes, low byte first; a view of them where the machine stores them so. */
export function littleEndianBytes(values: NumberArray | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (HOST_ORDER === "little") return bytes;
  const swapped = new Uint8Array(bytes);
  swapToHost(swapped, values.BYTES_PER_ELEMENT, "little");
  return swapped;
}

/** Reverses each group of `size` bytes in place unless `order` is this machine's. Its own inverse. */
export function swapToHost(bytes: Uint8Array, size: number, order: ByteOrder): void {
  if (order === HOST_ORDER || size === 1) return;
  for (let start = 0; start + size <= bytes.length; start += size)
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = byte;
    }
}

function fromBigIntegers(values: BigInt64Array | BigUint64Array): Float32Array {
  const numbers = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) numbers[i] = Number(values[i]);
  return numbers;
}
