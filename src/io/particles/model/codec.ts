import type { Vector3 } from "../../../volume/index.js";
import type { Steps } from "../../steps.js";
import type { ParticleList } from "./particle-list.js";
import type { PlacementOptions } from "./placement.js";

/** What a format has room for; the rest is lost when a list is written in it. */
export interface Holdings {
  readonly orientation: boolean;
  /** Particles without an orientation are told from those that are not turned. */
  readonly unoriented?: true;
  readonly score: boolean;
  /** "number": names are numbered; "one": a file is of one class. */
  readonly classes: "name" | "number" | "one" | "none";
  /** "number": names are numbered; "one": a file is of one tomogram and does not say which. */
  readonly tomograms: "name" | "number" | "one";
  /** Further columns, by name: all of them, none, or those whose names match. */
  readonly extra: boolean | RegExp;
  /** Names of the files that hold the particles' images. */
  readonly images?: true;
  /** False: a file without particles would be empty, and nothing would say what it is. */
  readonly nothing?: false;
}

/** What a codec may need to know to read a file. */
export interface DecodeOptions extends PlacementOptions {
  /** Named in messages. */
  readonly name: string;
}

/** What a codec may need to know to write a list. */
export interface EncodeOptions extends PlacementOptions {
  /** What made the file, with which seed and parameters; for formats that have comments. */
  readonly comments: readonly string[];
  /** Edge of the box that formats of boxes draw around each particle, in voxels. */
  readonly boxSizeVoxels?: number | undefined;
  /** Names in place of tomogram numbers, as `tomogramSizesAngstrom` and the list know them. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
}

/** One file format of particle lists. */
export interface ParticleCodec {
  /** In words, for messages. */
  readonly label: string;
  /** Names that ask for this format when a list is written. */
  readonly fileName?: RegExp;
  readonly holds: Holdings;
  /** Coordinates are in voxels, of a size that the file does not, or need not, say. */
  readonly inVoxels?: true;
  /** What a file of this format calls a class, where it has no room for every name. */
  readonly writtenClassName?: (name: string) => string;
  /** What recognising a file of this name takes for granted, as a warning that says how to override it. */
  readonly assumption?: (fileName: string) => string | undefined;
  /** Lists that may be long are read in steps. */
  readonly decode: (bytes: Uint8Array, options: DecodeOptions) => ParticleList | Steps<ParticleList>;
  readonly encode: (list: ParticleList, options: EncodeOptions) => ListContent;
}

/** The content of a file; of a long text its pieces, which are made when they are asked for. */
export type ListContent = Uint8Array | string | Iterable<string>;

/** A list whose positions are from the first voxel and counted in voxels of the given size. */
export function voxelList(
  particles: ParticleList["particles"],
  coordinatePixelSizeAngstrom: number | undefined,
  warnings: readonly string[] = [],
): ParticleList {
  return { particles, origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom, warnings };
}

/** The text of a file: UTF-8, without the mark that Windows programs put before it. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
