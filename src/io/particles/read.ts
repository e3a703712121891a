import { FormatError } from "../../errors.js";
import { PARTICLE_CODECS, type ParticleFormat } from "./formats.js";
import type { ParticleList } from "./model/particle-list.js";
import type { PlacementOptions } from "./model/placement.js";
import { recogniseParticleFormat } from "./recognise.js";

export interface ReadParticleListOptions extends PlacementOptions {
  /** The file's name: named in messages, and a hint at the format. */
  readonly name?: string;
  /** Read as this format, whatever the content looks like. */
  readonly format?: ParticleFormat | undefined;
}

/**
 * A particle list of any format that cosnet knows, in cosnet's conventions: positions in Angstrom from the centre of the
 * first voxel (or from the tomogram's centre where the file says so and the tomogram's size is not given), orientations
 * that turn the reference onto the particle. `voxelSizeAngstrom` is what coordinates in voxels count in.
 * @throws FormatError when it is not a list or damaged; ConfigError when coordinates are in voxels of unknown size.
 */
export function readParticleList(bytes: Uint8Array, options: ReadParticleListOptions = {}): ParticleList {
  const { name = "particle list", format = recogniseParticleFormat(bytes, name), ...placement } = options;
  if (!format)
    throw new FormatError(bytes.length === 0 ? "the file is empty" : "not a particle list that cosnet knows", name, {
      hint: `Say what it is (--from); known are ${Object.keys(PARTICLE_CODECS).join(", ")}.`,
    });
  return PARTICLE_CODECS[format].decode(bytes, { name, ...placement });
}
