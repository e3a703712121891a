import type { SurfaceMesh } from "../../volume/index.js";

/** One object of a surface file. */
export interface SurfacePart {
  readonly name: string;
  /** Closed mesh, positions in Angstrom. */
  readonly mesh: SurfaceMesh;
  /** Red, green and blue, 0 to 255. */
  readonly colour?: readonly [red: number, green: number, blue: number];
}

/** What a surface file is to say besides the surface. */
export interface WriteSurfaceOptions {
  /** A line that says what the surface is and what made it. */
  readonly comment?: string;
}

/** Printable ASCII on one line. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/** The line of a file whose writer gives none; ASCII, as STL and PLY ask for. */
export const DEFAULT_COMMENT = "Surface in Angstrom, written by cosnet";
/** Light grey: the colour of a part that has none. */
export const DEFAULT_COLOUR = [178, 178, 178] as const;
