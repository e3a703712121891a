import type { Particle, ParticleList } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import type { StatedVoxelSize } from "../tomogram/index.js";

/** How boxes are cut and brought to what the network takes. */
export interface ParticleBoxesOptions extends Progress {
  /** The list at the path, where it has been read already. */
  readonly list?: ParticleList | undefined;
  /** Edge and voxel size of what the network takes. */
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
  /** Voxel size of the particles' own files, when the list and the headers do not say it or are wrong. */
  readonly fileVoxelSizeAngstrom?: number | undefined;
  /** What another list says of the tomogram, where this one does not. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** Protein is dark in the files, in those of all particles or of each. */
  readonly inverted?: boolean | ((particle: Particle) => boolean);
  /** The tomogram that coordinates without a tomogram name refer to. */
  readonly tomogramPath?: string | undefined;
  /** Cut boxes out of the tomogram even for particles that have image files of their own. */
  readonly alwaysCut?: boolean | undefined;
  /**
   * Divide contrast transfer out of boxes whose Fourier weights are at hand (stacks of tilt images, `rlnCtfImage`, `NAME_weight.mrc`), as
   * networks are to be shown them; default false.
   */
  readonly restored?: boolean | undefined;
  /** Highest fraction of a box, 0 to 1, that may lie outside the tomogram. */
  readonly highestOutsideFraction?: number;
}
