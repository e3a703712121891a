import type { Subtomogram } from "../../../infer/index.js";
import type { ParticleList } from "../../../io/index.js";
import type { Progress } from "../../../progress.js";
import type { Quaternion, Vector3 } from "../../../volume/index.js";
import type { StatedVoxelSize } from "../../tomogram/index.js";

/** How particles are read for alignment and averaging. */
export interface OpenSubtomogramsOptions extends Progress {
  /** The list at the path, where it has been read already. */
  readonly list?: ParticleList | undefined;
  /** Voxels along each axis. Default: those of the particles' own images; needed where boxes are cut out of tomograms. */
  readonly edge?: number | undefined;
  /** Default: that of the tomogram or of the particles' images. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Voxel size of the files, when the list and the headers do not say it or are wrong. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** What another list says of the tomogram, where this one does not. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** Protein is dark in the files. */
  readonly inverted?: boolean | undefined;
  /** The tomogram that coordinates without a tomogram name refer to. */
  readonly tomogramPath?: string | undefined;
  /** Cut boxes out of the tomogram even for particles that have images of their own. */
  readonly alwaysCut?: boolean | undefined;
  /** Lowest and highest tilt in degrees, believed instead of files and measurement. */
  readonly tiltRangeDegrees?: readonly [number, number] | undefined;
  /** A file of tilt angles (.mdoc, .tlt, .rawtlt) of all tomograms, or a tomograms.star. */
  readonly tiltsPath?: string | undefined;
  /**
   * The tomograms were not corrected for contrast transfer: multiply boxes without a weight of their own by that of the tilt
   * series in tomograms.star. Nothing in a tomogram says it, so it has to be asked for.
   */
  readonly multiplyByCtf?: boolean | undefined;
  /** Highest fraction of a box, 0 to 1, that may lie outside the tomogram. Default 0.5. */
  readonly highestOutsideFraction?: number | undefined;
}

/** Where a particle's weight is from: a file, the user, the power of the boxes, or that no wedge was found in it. */
export type WeightSource = "read" | "given" | "measured" | "complete";

/** A particle for alignment and averaging. */
export interface ParticleSubtomogram {
  readonly subtomogram: Subtomogram;
  readonly voxelSizeAngstrom: number;
  readonly weightSource: WeightSource;
  /** Where the box's centre is in the tomogram, counted as the list counts; undefined for lists without positions. */
  readonly centreAngstrom: Vector3 | undefined;
  /** Where the particle is from the box's centre, in its voxels, as the list says. */
  readonly shiftVoxels: Vector3;
  /** How the list says that the reference is turned. */
  readonly rotation: Quaternion | undefined;
}

/** The particles of a list one at a time; `await using` it. */
export interface SubtomogramReader extends AsyncDisposable {
  readonly path: string;
  readonly list: ParticleList;
  /** @throws FileError, FormatError that name the particle. */
  read(index: number): Promise<ParticleSubtomogram>;
  /** Whether `read` would refuse the particle because too much of its box lies outside of its tomogram. @throws as `read`. */
  isOutside(index: number): Promise<boolean>;
  /** Where the weights of what has been read so far are from, in sentences. */
  weights(): string[];
  /** What was odd about it, or assumed. */
  warnings(): string[];
}
