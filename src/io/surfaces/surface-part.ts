import type { SurfaceMesh } from "../../volume/index.js";

/** One object of a surface file. */
export interface SurfacePart {
  readonly name: string;
  /** Closed mesh, positions in Angstrom. */
  readonly mesh: SurfaceMesh;
  /** Red, green and blue, 0 to 255. */
  readonly colour?: readonly [red: number, green: number, blue: number];
}

export interface WriteSurfaceOptions {
  /** A line that says what the surface is and what made it. */
  readonly comment?: string;
}

/** Printable ASCII on one line. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

export const DEFAULT_COMMENT = "Surface in Angstrom, written by cosnet";
export const DEFAULT_COLOUR = [178, 178, 178] as const;

const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The values' own bytes, low byte first; a view where the machine stores them so. */
export function littleEndianBytes(values: Float32Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (HOST_IS_LITTLE) return bytes;
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) swapped[i] = bytes[i ^ 3];
  return swapped;
}
