import type { Quaternion, Vector3 } from "../../../volume/index.js";
import type { StarTable } from "../../text/star/document.js";

/** One particle of a list, in cosnet's conventions whatever the file's. */
export interface Particle {
  /** Centre in Angstrom, with the refined origin subtracted; see `ParticleList.origin`. Undefined without coordinates. */
  readonly positionAngstrom?: Vector3;
  /** Rotates the reference onto the particle. */
  readonly orientation?: Quaternion;
  /** How good the pick or alignment is, in the units of whoever made the list; more is better. */
  readonly score?: number;
  /** `_rlnClassNumber`. */
  readonly classNumber?: number;
  /** `_cosnetClassName`. */
  readonly className?: string;
  /** `_rlnTomoName`, else `_rlnMicrographName`; of formats that number their tomograms, the number. */
  readonly tomogramName?: string;
  /** `_rlnImageName`: the subtomogram or image stack, relative to the project's folder. */
  readonly imageName?: string;
  readonly opticsGroup?: string;
  /** Voxel size of that image, from its optics group; image headers are less reliable. */
  readonly imageVoxelSizeAngstrom?: number;
  /** Of a list whose coordinates in pixels count in several pixel sizes: what this particle's do. */
  readonly coordinatePixelSizeAngstrom?: number;
  /**
   * The shift that brings the particle to its image's centre (`_rlnOrigin`), along the tomogram's axes: the image's centre is at
   * `positionAngstrom` plus this. Undefined where the image's centre is the particle's.
   */
  readonly imageOriginAngstrom?: Vector3;
  /** Every other column, by name without the underscore. */
  readonly extra: Readonly<Record<string, string>>;
}

/** For particles that have no other columns: one object for all of them. */
export const NO_EXTRA: Particle["extra"] = Object.freeze({});

/** The particles of a file and what is common to them. */
export interface ParticleList {
  readonly particles: readonly Particle[];
  /** Where positions are counted from: the centre of the tomogram's first voxel, or the tomogram's centre (RELION 5). */
  readonly origin: "first-voxel" | "tomogram-centre";
  /** Voxel size of the particle images, when it is the same for all. */
  readonly voxelSizeAngstrom: number | undefined;
  /**
   * Pixel size that coordinates in pixels count in: of the unbinned tilt series or of the tomogram. Undefined where it is not known,
   * and where it is not the same for all, which then have it themselves.
   */
  readonly coordinatePixelSizeAngstrom: number | undefined;
  /** The optics table as it was read. */
  readonly optics?: StarTable;
  /** RELION 5's general table as it was read. */
  readonly general?: StarTable;
  readonly warnings: readonly string[];
}
