import { encodeFloat16 } from "../float16.js";
import { type ByteOrder, decodeNumbers, type ElementType, swapToHost, viewNumbers } from "../numbers.js";

const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** The voxel types of MRC2014 that hold one real number each, by mode number. */
export const MRC_MODES = {
  0: { name: "int8", bytesPerVoxel: 1, minimum: -128, maximum: 127, integer: true },
  1: { name: "int16", bytesPerVoxel: 2, minimum: -32768, maximum: 32767, integer: true },
  2: { name: "float32", bytesPerVoxel: 4, minimum: -LARGEST_FLOAT32, maximum: LARGEST_FLOAT32, integer: false },
  6: { name: "uint16", bytesPerVoxel: 2, minimum: 0, maximum: 65535, integer: true },
  12: { name: "float16", bytesPerVoxel: 2, minimum: -65504, maximum: 65504, integer: false },
} as const;

/** The number of a mode that cosnet reads and writes. */
export type MrcMode = keyof typeof MRC_MODES;

/** Modes the standard knows and cosnet refuses, with the reason for the message. */
export const UNREADABLE_MODES: Readonly<Record<number, string>> = {
  3: "complex int16: a transform, not a volume",
  4: "complex float32: a transform, not a volume",
  101: "4-bit integers, used for raw movies",
};

/** Whether cosnet reads and writes a mode. */
export function isMrcMode(mode: number): mode is MrcMode {
  return Object.hasOwn(MRC_MODES, mode);
}

/** Modes of whole numbers, and float32 after them, in the order in which programs know them best. */
const MODES_OF_LABELS = [0, 1, 6, 2] as const;

/**
 * The smallest mode that holds whole numbers of a range: 0, 1, 6, else 2, which is exact to 16 million. Many viewers read neither
 * mode 6 nor 1 (docs/compatibility.md).
 */
export function smallestMrcMode(minimum: number, maximum: number): (typeof MODES_OF_LABELS)[number] {
  return MODES_OF_LABELS.find((mode) => MRC_MODES[mode].minimum <= minimum && maximum <= MRC_MODES[mode].maximum) ?? 2;
}

interface VoxelEncoding {
  readonly byteOrder: ByteOrder;
  readonly unsignedBytes?: boolean;
  /** Added to the values of mode 0: 128 where IMOD wrote 0 as -128. */
  readonly byteOffset?: number;
}

/**
 * Voxel values of `count` voxels from `bytes` (exactly count * bytesPerVoxel long).
 * `unsignedBytes` reads mode 0 as 0..255, as old IMOD versions wrote it.
 */
export function decodeVoxels(bytes: Uint8Array, mode: MrcMode, options: VoxelEncoding): Float32Array {
  const values = decodeNumbers(bytes, elementType(mode, options), options.byteOrder);
  const { byteOffset = 0 } = options;
  if (mode === 0 && byteOffset !== 0) for (let i = 0; i < values.length; i++) values[i] += byteOffset;
  return values;
}

/** The same to be copied elsewhere at once: a view of `bytes` where they can be taken as they are. */
export function viewVoxels(bytes: Uint8Array, mode: MrcMode, options: VoxelEncoding) {
  if (mode === 0 && options.byteOffset) return decodeVoxels(bytes, mode, options);
  return viewNumbers(bytes, elementType(mode, options), options.byteOrder);
}

function elementType(mode: MrcMode, { unsignedBytes }: VoxelEncoding): ElementType {
  return mode === 0 && unsignedBytes ? "uint8" : MRC_MODES[mode].name;
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
      return new Int8Array(values.map(roundHalfToEven));
    case 1:
      return new Int16Array(values.map(roundHalfToEven));
    case 2:
      return values.slice();
    case 6:
      return new Uint16Array(values.map(roundHalfToEven));
    case 12:
      return encodeFloat16(values);
  }
}

/** Rounds like NumPy and IEEE 754, so that a volume converted here equals one converted there. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
