import { FormatError } from "../../errors.js";
import { allAtOnce, type Steps } from "../steps.js";
import { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat } from "./formats.js";
import type { DecodeOptions } from "./model/codec.js";
import { withFiniteNumbers } from "./model/finite.js";
import type { ParticleList } from "./model/particle-list.js";
import { recogniseParticleFormat } from "./recognise.js";

/** What a list leaves open: its format, its voxel size, where its tomograms are. */
export interface ReadParticleListOptions extends Partial<DecodeOptions> {
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
  return allAtOnce(readParticleListSteps(bytes, options));
}

/** The same in steps. @throws FormatError, ConfigError as `readParticleList`. */
export function* readParticleListSteps(bytes: Uint8Array, options: ReadParticleListOptions = {}): Steps<ParticleList> {
  const { name = "particle list", format = particleFormatOf(bytes, name), ...decoding } = options;
  const { decode, assumption } = PARTICLE_CODECS[format];
  const decoded = decode(bytes, { name, ...decoding });
  const list = withFiniteNumbers(Symbol.iterator in decoded ? yield* decoded : decoded, name);
  return assumption === undefined || options.format !== undefined
    ? list
    : { ...list, warnings: [assumption, ...list.warnings] };
}

/** The format of a particle list by its content and name. @throws FormatError when it is not one that cosnet knows. */
export function particleFormatOf(bytes: Uint8Array, name: string): ParticleFormat {
  const format = recogniseParticleFormat(bytes, name);
  if (format) return format;
  throw new FormatError(bytes.length === 0 ? "the file is empty" : "this is not a particle list", name, {
    hint: `\`cosnet info\` says what a file is; where --from is an option, it can say the format: ${PARTICLE_FORMATS.join(", ")}.`,
  });
}
