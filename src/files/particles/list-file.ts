import { dirname } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import {
  encodeParticleList,
  PARTICLE_CODECS,
  type ParticleFormat,
  type ParticleList,
  type PlacementOptions,
  particleFormatOf,
  particleFormatOfName,
  readParticleListSteps,
  readTomogramSizes,
  relionFormatOf,
  writeDynamoTomograms,
  writeTomograms,
} from "../../io/index.js";
import { stoppable } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import { type FileContent, fileExists, isFolder, readFileBytes } from "../disk/index.js";
import { openTomogram, type StatedVoxelSize } from "../tomogram/index.js";
import { locateFromProject } from "./linked-files.js";
import {
  isCopickProject,
  readCopickFolder,
  readNames,
  renamedInPaths,
  splitParticleList,
  withTomogramNames,
  writeTogether,
} from "./list-parts.js";
import { optimisationSetOf, type TomogramsStar, tomogramsStarOf } from "./tomograms-star.js";

/** Where the particles' tomograms are described, as the command line's options have it. */
export interface TomogramOptions {
  /** An MRC tomogram, whose header says its size and voxel size. */
  readonly tomogram?: string | undefined;
  /** Voxel size of that tomogram, or of one that is not given, believed instead of its header's. */
  readonly tomogramVoxelSizeAngstrom?: number | undefined;
  /** What another list says of the tomogram's voxels; believed instead of its header's, as `openTomogram` does. */
  readonly listedVoxelSize?: StatedVoxelSize | undefined;
  /** RELION's tomograms.star. */
  readonly tomograms?: string | undefined;
  /** Size of the tomogram in voxels; needs `voxelSizeAngstrom`. */
  readonly sizeVoxels?: Vector3 | undefined;
  /** Size of the tomogram in Angstrom, instead. */
  readonly sizeAngstrom?: Vector3 | undefined;
  /** Edge lengths of each tomogram by name, where `tomograms` is not given. */
  readonly tomogramSizesAngstrom?: ReadonlyMap<string, Vector3> | undefined;
  /** What the list's coordinates in voxels count in, when it is not the tomogram's voxels or the list does not say it. */
  readonly voxelSizeAngstrom?: number | undefined;
}

/** What a list file leaves open when it is read. */
export interface ReadParticleListFileOptions extends TomogramOptions {
  /** Default: by content and name. */
  readonly format?: ParticleFormat | undefined;
  /** Names of the tomograms that a format numbers: a file of lines "number name", as Dynamo's .doc. */
  readonly tomogramNames?: string | undefined;
  /**
   * Open the tomogram only for a list that leaves open what its coordinates count in or from; RELION 5's positions then stay
   * counted from the tomogram's centre.
   */
  readonly tomogramWhereNeeded?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A list, and the format its file is in. */
export interface ParticleListFile {
  readonly list: ParticleList;
  readonly format: ParticleFormat;
  /** What writes such a file again: the format, of RELION's the version that the list is like. */
  readonly writtenAs: ParticleFormat;
  /** The tomograms.star that lies beside a list that counts from the tomograms' centres, where no size is given. */
  readonly tomograms?: TomogramsStar;
}

/**
 * A particle list from a file of any format that cosnet knows, gzip-compressed or not, the one that an optimisation set of
 * RELION names, or all picks of a copick folder.
 * Numbers of tomograms become names where a list of names is given or lies beside a Dynamo table (`NAME.doc`).
 * @throws FileError, FormatError when it cannot be read; ConfigError when coordinates are in voxels of unknown size; AbortError.
 */
export async function readParticleListFile(
  pathOfListOrSet: string,
  options: ReadParticleListFileOptions = {},
): Promise<ParticleListFile> {
  const path = await particlesOf(pathOfListOrSet);
  const bytes = (await isFolder(path)) ? undefined : await readFileBytes(path);
  const format = bytes ? (options.format ?? particleFormatOf(bytes, path)) : "copick";
  const read = async (from: TomogramOptions): Promise<ParticleList> => {
    const placement = await placementOf(from);
    return bytes
      ? stoppable(readParticleListSteps(bytes, { name: path, format: options.format, ...placement }), options.signal)
      : readCopickFolder(path, placement);
  };
  const alone =
    options.tomogram === undefined ? options : { ...options, tomogram: undefined, listedVoxelSize: undefined };
  const list = await (mayDoWithoutTomogram(format, options)
    ? read(alone).catch((error) => {
        if (error instanceof ConfigError && options.tomogram !== undefined) return read(options);
        throw error;
      })
    : read(options));
  const beside = path.replace(/\.tbl$/i, ".doc");
  const names = options.tomogramNames ?? (format === "dynamo" && (await fileExists(beside)) ? beside : undefined);
  const isOpen = list.origin === "tomogram-centre" && !givesSize(options);
  const tomograms = isOpen ? await tomogramsStarOf(path) : undefined;
  return {
    list: names === undefined ? list : withTomogramNames(list, await readNames(names)),
    format,
    writtenAs: bytes && format === "relion5" && options.format === undefined ? relionFormatOf(bytes) : format,
    ...(tomograms && { tomograms }),
  };
}

/** The list that an optimisation set names; any other path as it is. @throws FormatError where there is no such list. */
async function particlesOf(path: string): Promise<string> {
  const set = await optimisationSetOf(path);
  if (!set) return path;
  const particles = set.particles && (await locateFromProject(dirname(path), set.particles));
  if (particles) return particles;
  const what =
    set.particles === undefined ? "names no particles" : `names the particles ${set.particles}, which are not there`;
  throw new FormatError(`the optimisation set ${what}`, path, {
    hint: "Paths count from the set's folder, the current one or one above: give the list of particles itself.",
  });
}

function givesSize({ tomogram, tomograms, sizeVoxels, sizeAngstrom, tomogramSizesAngstrom }: TomogramOptions): boolean {
  return [tomogram, tomograms, sizeVoxels, sizeAngstrom, tomogramSizesAngstrom].some((given) => given !== undefined);
}

/** A list of voxels may leave their size open, or contradict the tomogram's, which a warning says. */
function mayDoWithoutTomogram(format: ParticleFormat, options: ReadParticleListFileOptions): boolean {
  const inVoxels = PARTICLE_CODECS[format].inVoxels && options.voxelSizeAngstrom === undefined;
  return options.tomogramWhereNeeded === true && !inVoxels;
}

/** How a list is written, and what says where its particles are where the list leaves it open. */
export interface WriteParticleListFileOptions extends TomogramOptions {
  /** Default: what the name asks for (`.star` is RELION 5). */
  readonly format?: ParticleFormat | undefined;
  /** Write even when the format has no room for orientations, scores or classes that the list has. */
  readonly lossy?: boolean;
  readonly comments?: readonly string[];
  /** Edge of the box that formats of boxes draw around each particle, in voxels. */
  readonly boxSizeVoxels?: number | undefined;
  /** Where to write RELION's tomograms.star, which goes with RELION 4 and 5 lists. */
  readonly tomogramsOutput?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written, and what could not be. */
export interface WrittenParticleListFile {
  readonly format: ParticleFormat;
  readonly paths: readonly string[];
  /** What coordinates in voxels count in, for formats that have them. */
  readonly voxelSizeAngstrom?: number;
  /** What was left out, and what numbers stand for. */
  readonly warnings: readonly string[];
}

/**
 * Writes a particle list. `{tomogram}` and `{class}` in the path write a file for each; copick's picks go into its layout
 * of folders when the path does not end in .json. All files appear together when they are complete.
 * @throws ConfigError when the format is not known, cannot hold several tomograms or classes in a file, or would lose
 * orientations, scores or classes (unless `lossy`); FileError, AbortError.
 */
export async function writeParticleListFile(
  path: string,
  list: ParticleList,
  options: WriteParticleListFileOptions = {},
): Promise<WrittenParticleListFile> {
  const { lossy = false, comments, boxSizeVoxels, signal } = options;
  const format = options.format ?? particleFormatOfName(path);
  if (!format)
    throw new ConfigError("the name does not say which format to write", {
      where: path,
      hint: `Say it (--to): ${Object.keys(PARTICLE_CODECS).join(", ")}.`,
    });
  const placement = await placementOf(options);
  const { label } = PARTICLE_CODECS[format];
  const contents = new Map<string, FileContent>();
  let voxelSizeAngstrom: number | undefined;
  const lost = new Set<string>();
  const notes = new Set(renamedInPaths(path, list, format));
  for (const [name, part] of splitParticleList(path, list, format)) {
    const written = encodeParticleList(part, { format, ...(comments && { comments }), boxSizeVoxels, ...placement });
    contents.set(name, written.content);
    voxelSizeAngstrom = written.voxelSizeAngstrom;
    for (const what of written.lost) lost.add(what);
    for (const note of written.notes) notes.add(note);
    const numbered = part.particles.some(({ tomogramName }) => tomogramName && !/^\d+$/.test(tomogramName));
    if (format === "dynamo" && numbered) contents.set(name.replace(/(\.tbl)?$/i, ".doc"), writeDynamoTomograms(part));
  }
  if (options.tomogramsOutput !== undefined)
    contents.set(options.tomogramsOutput, writeTomograms(list, { ...placement, ...(comments && { comments }) }));
  if (lost.size > 0 && !lossy)
    throw new ConfigError(`a ${label} has no room for ${[...lost].join(" and ")}`, {
      where: path,
      hint: "Choose another format, or leave them out on purpose (--lossy).",
    });
  await writeTogether(contents, signal, isCopickProject(path, format) ? path : undefined);
  return {
    format,
    paths: [...contents.keys()],
    ...(voxelSizeAngstrom !== undefined && { voxelSizeAngstrom }),
    warnings: [...[...lost].map((what) => `left out: ${what}`), ...notes],
  };
}

/** Where particles are, and what is odd about the tomogram that says it. */
export interface ReadPlacement extends PlacementOptions {
  readonly tomogramWarnings: readonly string[];
}

/**
 * Reads what the options name.
 * @throws FileError, FormatError; ConfigError when they contradict each other, or a tomogram's header says exactly 1 Å.
 */
export async function placementOf(options: TomogramOptions): Promise<ReadPlacement> {
  const { tomograms, sizeVoxels, voxelSizeAngstrom } = options;
  const tomogramSizesAngstrom =
    tomograms === undefined
      ? options.tomogramSizesAngstrom
      : readTomogramSizes(new TextDecoder().decode(await readFileBytes(tomograms)), { name: tomograms });
  const tomogram = options.tomogram === undefined ? undefined : await openedTomogram(options.tomogram, options);
  if (!tomogram && sizeVoxels && voxelSizeAngstrom === undefined)
    throw new ConfigError("the size of the tomogram is in voxels, and the voxel size is not known", {
      hint: "Give the voxel size in Å (--voxel-size).",
    });
  return {
    voxelSizeAngstrom,
    ...(tomogramSizesAngstrom && { tomogramSizesAngstrom }),
    ...(options.sizeAngstrom && { tomogramSizeAngstrom: options.sizeAngstrom }),
    ...(sizeVoxels && voxelSizeAngstrom && { tomogramSizeAngstrom: timesVoxelSize(sizeVoxels, voxelSizeAngstrom) }),
    tomogramVoxelSizeAngstrom:
      tomogram?.voxelSizeAngstrom ?? options.tomogramVoxelSizeAngstrom ?? options.listedVoxelSize?.angstrom,
    ...(tomogram && { tomogramSizeAngstrom: tomogram.sizeAngstrom }),
    tomogramWarnings: tomogram?.warnings.map((warning) => `${options.tomogram}: ${warning}`) ?? [],
  };
}

/** The voxel size of the list's coordinates stands in where the file states none. */
async function openedTomogram(path: string, options: TomogramOptions) {
  await using tomogram = await openTomogram(path, {
    voxelSizeAngstrom: options.tomogramVoxelSizeAngstrom,
    listedVoxelSize: options.listedVoxelSize,
    fallbackVoxelSizeAngstrom: options.voxelSizeAngstrom,
    isSpecimen: true,
  });
  const { voxelSizeAngstrom, sizeAngstrom, warnings } = tomogram;
  return { voxelSizeAngstrom, sizeAngstrom, warnings };
}

function timesVoxelSize({ x, y, z }: Vector3, voxelSizeAngstrom: number): Vector3 {
  return { x: x * voxelSizeAngstrom, y: y * voxelSizeAngstrom, z: z * voxelSizeAngstrom };
}
