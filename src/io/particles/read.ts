import { ConfigError, FormatError } from "../../errors.js";
import { allAtOnce, type Steps } from "../steps.js";
import { PARTICLE_CODECS, PARTICLE_FORMATS, type ParticleFormat } from "./formats.js";
import type { DecodeOptions, ParticleCodec } from "./model/codec.js";
import { withFiniteNumbers } from "./model/finite.js";
import type { ParticleList } from "./model/particle-list.js";
import { ALL_WITHIN_ONE } from "./model/placement.js";
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
  const list = withFiniteNumbers(yield* decoded(decode, bytes, { name, ...decoding }), name);
  const assumed = options.format === undefined ? assumption?.(name) : undefined;
  return {
    ...list,
    warnings: [
      ...(assumed === undefined ? [] : [assumed]),
      ...list.warnings,
      ...(format === "imod" ? [] : firstVoxelDoubt(list)),
    ],
  };
}

/**
 * Fractions of a tomogram, read as voxels, are all in the first one; where a format has fractions, it says so itself. In IMOD's
 * models points are drawn.
 */
function firstVoxelDoubt({ particles, coordinatePixelSizeAngstrom: size, warnings }: ParticleList): string[] {
  if (size === undefined || particles.length === 0) return [];
  if (warnings.some((warning) => warning.startsWith(ALL_WITHIN_ONE))) return [];
  let isBroken = false;
  for (const { positionAngstrom } of particles) {
    if (!positionAngstrom) return [];
    for (const value of [positionAngstrom.x / size, positionAngstrom.y / size, positionAngstrom.z / size]) {
      if (!(value >= 0 && value <= 1)) return [];
      isBroken ||= !Number.isInteger(value);
    }
  }
  const doubt = `${ALL_WITHIN_ONE} voxel: if they are fractions of the tomogram's size, multiply them by it first`;
  return isBroken ? [doubt] : [];
}

/** Where nothing is listed, nothing counts in voxels, and their size need not be known. */
function* decoded(decode: ParticleCodec["decode"], bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  try {
    return yield* stepsOf(decode(bytes, options));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const anyPlace = { voxelSizeAngstrom: 1, tomogramSizeAngstrom: { x: 1, y: 1, z: 1 } };
    const list = yield* stepsOf(decode(bytes, { ...options, ...anyPlace }));
    if (list.particles.length > 0) throw error;
    return { ...list, coordinatePixelSizeAngstrom: undefined, warnings: [] };
  }
}

function* stepsOf(result: ReturnType<ParticleCodec["decode"]>): Steps<ParticleList> {
  return Symbol.iterator in result ? yield* result : result;
}

/** The format of a particle list by its content and name. @throws FormatError when it is not one that cosnet knows. */
export function particleFormatOf(bytes: Uint8Array, name: string): ParticleFormat {
  const format = recogniseParticleFormat(bytes, name);
  if (format) return format;
  if (isUtf16(bytes))
    throw new FormatError("this text is in UTF-16", name, {
      hint: "Save it in UTF-8; spreadsheets call that CSV UTF-8.",
    });
  throw new FormatError(bytes.length === 0 ? "the file is empty" : "this is not a particle list", name, {
    hint: `\`cosnet info\` says what a file is; where --from is an option, it can say the format: ${PARTICLE_FORMATS.join(", ")}.`,
  });
}

/** Whether it begins with the byte order mark of UTF-16, in either order. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
