import { decodeFloat16, encodeFloat16 } from "./float16.js";

/** The voxel types of MRC2014 that hold one real number each, by mode number. */
export const MRC_MODES = {
  0: { name: "int8", bytesPerVoxel: 1, minimum: -128, maximum: 127, integer: true },
  1: { name: "int16", bytesPerVoxel: 2, minimum: -32768, maximum: 32767, integer: true },
  2: {
    name: "float32",
    bytesPerVoxel: 4,
    minimum: -3.4028234663852886e38,
    maximum: 3.4028234663852886e38,
    integer: false,
  },
  6: { name: "uint16", bytesPerVoxel: 2, minimum: 0, maximum: 65535, integer: true },
  12: { name: "float16", bytesPerVoxel: 2, minimum: -65504, maximum: 65504, integer: false },
} as const;

export type MrcMode = keyof typeof MRC_MODES;
export type ByteOrder = "little" | "big";

/** Modes the standard knows and cosnet refuses, with the reason for the message. */
export const UNREADABLE_MODES: Readonly<Record<number, string>> = {
  3: "complex int16: a transform, not a volume",
  4: "complex float32: a transform, not a volume",
  101: "4-bit integers, used for raw movies",
};

export function isMrcMode(mode: number): mode is MrcMode {
  return Object.hasOwn(MRC_MODES, mode);
}

const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Voxel values of `count` voxels from `bytes` (exactly count * bytesPerVoxel long).
 * `unsignedBytes` reads mode 0 as 0..255, as old IMOD versions wrote it.
 */
export function decodeVoxels(
  bytes: Uint8Array,
  mode: MrcMode,
  options: { byteOrder: ByteOrder; unsignedBytes?: boolean },
): Float32Array {
  const count = bytes.byteLength / MRC_MODES[mode].bytesPerVoxel;
  if (mode === 0)
    return Float32Array.from(options.unsignedBytes ? bytes : new Int8Array(bytes.buffer, bytes.byteOffset, count));
  // A copy in host order: typed arrays need alignment, which a file's bytes need not have.
  const own = new Uint8Array(bytes); // not slice(): that of a Node Buffer shares memory
  swapToHost(own, MRC_MODES[mode].bytesPerVoxel, options.byteOrder);
  switch (mode) {
    case 2:
      return new Float32Array(own.buffer, 0, count);
    case 1:
      return Float32Array.from(new Int16Array(own.buffer, 0, count));
    case 6:
      return Float32Array.from(new Uint16Array(own.buffer, 0, count));
    case 12:
      return decodeFloat16(new Uint16Array(own.buffer, 0, count));
  }
}

/** The bytes of `values` in a mode. Integers are rounded (half to even); values must already fit (`MRC_MODES`). */
export function encodeVoxels(values: Float32Array, mode: MrcMode, byteOrder: ByteOrder): Uint8Array {
  const typed = typedVoxels(values, mode);
  const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
  swapToHost(bytes, MRC_MODES[mode].bytesPerVoxel, byteOrder);
  return bytes;
}

function typedVoxels(values: Float32Array, mode: MrcMode): Int8Array | Int16Array | Uint16Array | Float32Array {
  switch (mode) {
    case 0:
      return roundInto(values, new Int8Array(values.length));
    case 1:
      return roundInto(values, new Int16Array(values.length));
    case 2:
      return values.slice();
    case 6:
      return roundInto(values, new Uint16Array(values.length));
    case 12:
      return encodeFloat16(values);
  }
}

function roundInto<T extends Int8Array | Int16Array | Uint16Array>(values: Float32Array, target: T): T {
  for (let i = 0; i < values.length; i++) target[i] = roundHalfToEven(values[i]);
  return target;
}

/** Rounds like NumPy and IEEE 754, so that a volume converted here equals one converted there. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Reverses each group of `size` bytes in place unless the file's order is this machine's. Its own inverse. */
function swapToHost(bytes: Uint8Array, size: number, byteOrder: ByteOrder): void {
  if ((byteOrder === "little") === HOST_IS_LITTLE) return;
  if (size === 2)
    for (let i = 0; i + 1 < bytes.length; i += 2) {
      const first = bytes[i];
      bytes[i] = bytes[i + 1];
      bytes[i + 1] = first;
    }
  else if (size === 4)
    for (let i = 0; i + 3 < bytes.length; i += 4) {
      const [a, b] = [bytes[i], bytes[i + 1]];
      bytes[i] = bytes[i + 3];
      bytes[i + 1] = bytes[i + 2];
      bytes[i + 2] = b;
      bytes[i + 3] = a;
    }
}
