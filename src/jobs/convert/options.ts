import type { FileKind } from "../../files/disk/index.js";
import type { TomogramOptions } from "../../files/particles/index.js";
import type { ByteOrder, MrcMode, ParticleFormat, VolumeFormat } from "../../io/index.js";
import type { Progress } from "../../progress.js";

export interface ConvertOptions extends Progress, Pick<TomogramOptions, "tomogram" | "tomograms" | "sizeVoxels"> {
  /** Overrides the voxel size of a volume, or what the coordinates of a particle list count in. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Read a particle list as this format (default: by content and name). */
  readonly from?: ParticleFormat | undefined;
  /** What to write (default: what the output's name asks for). */
  readonly to?: ParticleFormat | VolumeFormat | undefined;

  /** Change the sign of the density: dark protein becomes positive, and back. */
  readonly invert?: boolean;
  /** MRC mode to write (default 2, float32; for labels the smallest of 0, 1, 6 and 2 that holds them). */
  readonly mode?: MrcMode | undefined;
  readonly byteOrder?: ByteOrder;
  /** Values that the mode cannot hold become its limit instead of an error. */
  readonly clamp?: boolean;
  /** Fill up a truncated input with zeros. */
  readonly permissive?: boolean;
  /** Which data set of an HDF5 file to read. */
  readonly dataset?: string | undefined;
  /** Which resolution of a Zarr image to read, from 0, the finest. */
  readonly level?: number | undefined;
  /** Which element to read of a volume's axes that are not in space, by their names: `{ c: 1, t: 0 }`. */
  readonly indices?: Readonly<Record<string, number>> | undefined;

  /** What written coordinates in voxels count in (default: the tomogram's voxels, else the input's). */
  readonly outputVoxelSizeAngstrom?: number | undefined;
  /** A file of lines "number name" for lists that number their tomograms. */
  readonly tomogramNames?: string | undefined;
  /** What the list's one tomogram is called in the output. */
  readonly tomogramName?: string | undefined;
  /** Edge of the box that formats of boxes draw around each particle, in voxels. */
  readonly boxSizeVoxels?: number | undefined;
  /** Where to write RELION's tomograms.star, which goes with RELION 4 and 5 lists. */
  readonly tomogramsOutput?: string | undefined;
  /** Leave out orientations, scores or classes that the format has no room for. */
  readonly lossy?: boolean;
}

/** What `convertFile` read and wrote. */
export interface ConvertResult {
  readonly input: string;
  readonly output: string;
  readonly from: FileKind | ParticleFormat;
  readonly to: ParticleFormat | VolumeFormat;
  readonly paths: readonly string[];
  /** What was written, in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** What the conversion of a volume or a list adds. */
export type Outcome = Pick<ConvertResult, "from" | "paths" | "summary" | "warnings">;
