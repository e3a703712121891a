import type { Vector3, Volume } from "../../volume/index.js";
import type { WriteMrcOptions } from "./mrc/write.js";
import type { RandomAccessSource, VolumeReader } from "./random-access.js";

/** A whole volume, and what its file says about it. Density keeps the file's sign. */
export interface VolumeReading {
  /** `voxelSizeAngstrom` is NaN when unknown, so that no guess passes for a fact. */
  readonly volume: Volume;
  /** The option if given, else the file's; undefined when neither states one. */
  readonly voxelSizeAngstrom: number | undefined;
  /** What the file itself says, whatever was given. */
  readonly statedVoxelSizeAngstrom: number | undefined;
  /** Where viewers put the first voxel, in Å; undefined for zero, and in formats that do not say. */
  readonly originAngstrom?: Vector3 | undefined;
  /** The z axis of the file counts images. */
  readonly imageStack?: boolean;
  readonly warnings: readonly string[];
}

/** How a file of volumes is opened. */
export interface OpenVolumeOptions {
  /** Named in messages. */
  readonly name: string;
  /** Overrides what the file says. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Which element of axes that are not in space, by their names; needed where they have several. */
  readonly indices?: Readonly<Record<string, number>> | undefined;
}

/** How a whole volume is read. */
export interface DecodeVolumeOptions extends OpenVolumeOptions {
  /** Fill up a truncated MRC file with zeros. */
  readonly permissive?: boolean;
  /** Which data set of an HDF5 file. */
  readonly dataset?: string | undefined;
}

/** One file format of volumes. */
export interface VolumeCodec {
  /** In words, for messages. */
  readonly label: string;
  /** Names that ask for this format when a volume is written, and by which a damaged file says what it should be. */
  readonly fileName: RegExp;
  /** "required": a volume of unknown voxel size cannot be written. */
  readonly voxelSize: "none" | "optional" | "required";
}

/** A format whose volumes are single files. */
export interface VolumeFileCodec extends VolumeCodec {
  /** Whether bytes are such a file: all of it, or its first kilobyte with `byteLength` the length of the whole. */
  readonly recognises: (bytes: Uint8Array, byteLength: number) => boolean;
  readonly decode: (bytes: Uint8Array, options: DecodeVolumeOptions) => VolumeReading | Promise<VolumeReading>;
  readonly encode: (volume: Volume, options: WriteMrcOptions) => Uint8Array | Promise<Uint8Array>;
  /** Where any part can be read without the rest. Undefined when this file has to be read whole all the same. */
  readonly open?: (source: RandomAccessSource, options: OpenVolumeOptions) => Promise<VolumeReader | undefined>;
}
