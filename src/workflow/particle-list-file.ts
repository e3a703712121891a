import { ConfigError, FormatError } from "../errors.js";
import {
  PARTICLE_CODECS,
  type ParticleFormat,
  type ParticleList,
  type PlacementOptions,
  parseMrcHeader,
  particleFormatOfName,
  readParticleList,
  readTomogramSizes,
  recogniseParticleFormat,
  writeParticleList,
} from "../io/index.js";
import type { Vector3 } from "../volume/index.js";
import { openRandomAccess, readFileBytes, writeFileAtomic } from "./files.js";

/** Where the particles' tomograms are described, as the command line's options have it. */
export interface TomogramOptions {
  /** An MRC tomogram, whose header says its size and voxel size. */
  readonly tomogram?: string | undefined;
  /** RELION's tomograms.star. */
  readonly tomograms?: string | undefined;
  /** Size of the tomogram in voxels; needs `voxelSizeAngstrom`. */
  readonly sizeVoxels?: Vector3 | undefined;
  /** What the list's coordinates in voxels count in, when it is not the tomogram's voxels or the list does not say it. */
  readonly voxelSizeAngstrom?: number | undefined;
}

export interface ReadParticleListFileOptions extends TomogramOptions {
  readonly format?: ParticleFormat | undefined;
}

/**
 * A particle list from a file of any format that cosnet knows, gzip-compressed or not.
 * @throws FileError, FormatError when it cannot be read; ConfigError when coordinates are in voxels of unknown size.
 */
export async function readParticleListFile(
  path: string,
  options: ReadParticleListFileOptions = {},
): Promise<{ readonly list: ParticleList; readonly format: ParticleFormat }> {
  const bytes = await readFileBytes(path);
  const format = options.format ?? recogniseParticleFormat(bytes, path);
  const placement = await placementOf(options);
  const list = readParticleList(bytes, { name: path, format, ...placement });
  return { list, format: format! };
}

export interface WriteParticleListFileOptions extends TomogramOptions {
  /** Default: what the name asks for (`.star` is RELION 5). */
  readonly format?: ParticleFormat | undefined;
  /** Write even when the format has no room for orientations, scores or classes that the list has. */
  readonly lossy?: boolean;
  readonly comments?: readonly string[];
  /** Edge of the box that formats of boxes draw around each particle, in voxels. */
  readonly boxSizeVoxels?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenParticleListFile {
  readonly format: ParticleFormat;
  readonly paths: readonly string[];
  /** What was left out, and what numbers stand for. */
  readonly warnings: readonly string[];
}

/**
 * Writes a particle list; the file appears only when it is complete.
 * @throws ConfigError when the format is not known or would lose orientations, scores or classes (unless `lossy`);
 * FileError, AbortError.
 */
export async function writeParticleListFile(
  path: string,
  list: ParticleList,
  options: WriteParticleListFileOptions = {},
): Promise<WrittenParticleListFile> {
  const { lossy = false, comments, boxSizeVoxels, signal } = options;
  const format = options.format ?? particleFormatOfName(path);
  if (!format)
    throw new ConfigError(`${path}: the name does not say which format to write`, {
      hint: `Say it (--to): ${Object.keys(PARTICLE_CODECS).join(", ")}.`,
    });
  const placement = await placementOf(options);
  const written = writeParticleList(list, { format, ...(comments && { comments }), boxSizeVoxels, ...placement });
  if (written.lost.length > 0 && !lossy)
    throw new ConfigError(`${path}: a ${PARTICLE_CODECS[format].label} has no room for ${written.lost.join(" and ")}`, {
      hint: "Choose another format, or leave them out on purpose (--lossy).",
    });
  await writeFileAtomic(path, written.content, { signal });
  return { format, paths: [path], warnings: [...written.lost.map((what) => `left out: ${what}`), ...written.notes] };
}

/** Reads what the options name. @throws FileError, FormatError; ConfigError when they contradict each other. */
export async function placementOf(options: TomogramOptions): Promise<PlacementOptions> {
  const { tomogram, tomograms, sizeVoxels } = options;
  const { voxelSizeAngstrom } = options;
  const tomogramSizesAngstrom = tomograms === undefined ? undefined : await tomogramSizesOf(tomograms);
  const header = tomogram === undefined ? undefined : await tomogramHeader(tomogram, voxelSizeAngstrom);
  const size = header?.sizeVoxels ?? sizeVoxels;
  const scale = header?.voxelSizeAngstrom ?? voxelSizeAngstrom;
  if (size && scale === undefined)
    throw new ConfigError("the size of the tomogram is in voxels, and the voxel size is not known", {
      hint: "Give the voxel size in Angstrom (--voxel-size).",
    });
  return {
    voxelSizeAngstrom,
    tomogramVoxelSizeAngstrom: header?.voxelSizeAngstrom,
    ...(tomogramSizesAngstrom && { tomogramSizesAngstrom }),
    ...(size && scale && { tomogramSizeAngstrom: { x: size.x * scale, y: size.y * scale, z: size.z * scale } }),
  };
}

async function tomogramSizesOf(path: string): Promise<ReadonlyMap<string, Vector3>> {
  return readTomogramSizes(new TextDecoder().decode(await readFileBytes(path)), { name: path });
}

/** The header's voxel size may be missing, and then `fallback` is used. */
async function tomogramHeader(path: string, fallback: number | undefined) {
  const source = await openRandomAccess(path);
  try {
    const start = await source.read(0, Math.min(1024, source.byteLength));
    const { header } = parseMrcHeader(start, { name: path, byteLength: source.byteLength });
    const voxelSizeAngstrom = header.voxelSizeAngstrom ?? fallback;
    if (voxelSizeAngstrom === undefined)
      throw new FormatError("the header states no usable voxel size", path, { hint: "Give it with --voxel-size." });
    const [z, y, x] = header.shape;
    return { voxelSizeAngstrom, sizeVoxels: { x, y, z } };
  } finally {
    await source.close();
  }
}
