/** What an IMOD model is, and the numbers of its file format that reading and writing share. */
import type { Vector3 } from "../../../volume/index.js";

/** A point of a model, in voxels: x and y from the corner of the first, z from its centre. */
export interface ImodPoint extends Vector3 {
  /** The "general value" that the model stores for it. */
  readonly value?: number | undefined;
}

/** What cosnet keeps of an IMOD model. */
export interface ImodModel {
  readonly objects: readonly { readonly name: string; readonly contours: readonly (readonly ImodPoint[])[] }[];
  /** Size of the image that the model was made on, in voxels. */
  readonly maximum: Vector3;
  /** Undefined when neither the header nor the image that the model was drawn on states one. */
  readonly voxelSizeAngstrom: number | undefined;
  /** Whether the model was last seen on an image with y and z exchanged, as its points then are. */
  readonly flipped: boolean;
  /** First voxel of the part of the image that points count from. */
  readonly start: Vector3;
  /** How much thicker sections are drawn than voxels are wide. */
  readonly zScale: number;
}

export const HEADER_BYTES = 240;
export const OBJECT_BYTES = 180;
export const CONTOUR_BYTES = 20;
/** One entry of a chunk of general storage. */
export const STORE_BYTES = 12;

/** Flags of the header: y and z exchanged; the translation stands beside the image's origin. */
export const LAST_VIEWED_FLIPPED = 1 << 16;
export const IMAGE_ORIGIN_STATED = 1 << 14;

/** A general value of one point: a whole number as index, a float as value, for this point alone. */
export const STORED_VALUE = { type: 10, flags: 0x84 } as const;
/** The smallest and largest value of an object, both floats in place of index and value. */
export const STORED_RANGE = { type: 11, flags: 0x15 } as const;

/** An object's name is of 64 bytes, the last of them 0. */
export const LONGEST_NAME_BYTES = 63;
