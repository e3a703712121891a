/** What the page asks about a tomogram, and what it gets. */
import type { VoxelPosition } from "./project.js";

export type Axis = "x" | "y" | "z";

export interface TomogramInfo {
  readonly id: string;
  readonly path: string;
  /** What lists call it: "TS_01" of rec_TS_01.mrc. */
  readonly name: string;
  /** "mrc", "em", ... */
  readonly kind: string;
  /** Voxels `[nz, ny, nx]`. */
  readonly shape: readonly [number, number, number];
  readonly voxelSizeAngstrom: number;
  /** "as the header says" */
  readonly voxelSizeSource: string;
  readonly byteLength: number;
  /** Grey values between which a section is well seen (percentiles of a few sections). */
  readonly greyRange: readonly [number, number];
  /** Counts of grey values in equal steps of `[greyHistogram.from, greyHistogram.to]`. */
  readonly greyHistogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
  readonly warnings: readonly string[];
}

/** What a look at the whole tomogram shows; it takes some seconds. */
export interface TomogramMeasurement {
  readonly contrast: "dark" | "bright";
  /** "dark protein, measured: ..." */
  readonly contrastText: string;
  /** Tilt geometry and noise in a sentence. */
  readonly asMeasured: string;
}

/** Planes of voxels across `axis`: rows and columns are (y, x) across z, (z, x) across y, (z, y) across x. */
export interface SectionRequest {
  readonly tomogramId: string;
  readonly axis: Axis;
  readonly index: number;
  /** This many from `index` on, up to `SECTIONS_TOGETHER`; default 1. Fewer come where they are large, or the tomogram ends. */
  readonly count?: number;
  /** Mean of this many sections around `index`; default 1. */
  readonly thicknessVoxels?: number;
  /** Gaussian low-pass within the plane, to half at 1 / this; undefined: none. */
  readonly lowPassAngstrom?: number | undefined;
  /** Take what there is rather than wait until all of it is read; ask again for the rest. */
  readonly mayBeCoarse?: boolean;
}

/**
 * Most sections of one answer. The engine reads planes across x and y in multiples of it, so sections from one multiple to before the
 * next come at once.
 */
export const SECTIONS_TOGETHER = 8;

/** Grey values as in the file, in its own type where that is one of these. */
export type GreyValues = Float32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

export interface Section {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly values: GreyValues;
  /** Some rows are not read yet, and are as their neighbours are. */
  readonly isCoarse?: boolean;
}

/** Three planes through the middle of a cube around each position. */
export interface ThumbnailRequest {
  readonly tomogramId: string;
  readonly positions: readonly VoxelPosition[];
  readonly edgeVoxels: number;
  readonly thicknessVoxels?: number;
}

export interface Thumbnails {
  readonly edgeVoxels: number;
  /** `[positions, 3, edge, edge]`: across z, y and x; NaN outside of the tomogram. */
  readonly values: Float32Array;
}
