import { resolve } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { type FileKind, writeFileAtomic } from "../../files/disk/index.js";
import {
  placementOf,
  readParticleListFile,
  type TomogramOptions,
  writeParticleListFile,
} from "../../files/particles/index.js";
import { readVolumeFile, writeOmeZarr } from "../../files/tomogram/index.js";
import {
  type ByteOrder,
  isVolumeFileFormat,
  type MrcMode,
  PARTICLE_FORMATS,
  type ParticleFormat,
  particleFormatLabel,
  particleFormatOfName,
  VOLUME_CODECS,
  VOLUME_FILE_CODECS,
  VOLUME_FORMATS,
  type VolumeFormat,
  volumeFormatOfName,
} from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { describeInput } from "./input.js";

export interface ConvertOptions extends Progress, Pick<TomogramOptions, "tomogram" | "tomograms" | "sizeVoxels"> {
  /** Overrides the voxel size of a volume, or what the coordinates of a particle list count in. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Read a particle list as this format (default: by content and name). */
  readonly from?: ParticleFormat | undefined;
  /** What to write (default: what the output's name asks for). */
  readonly to?: ParticleFormat | VolumeFormat | undefined;

  /** Change the sign of the density: dark protein becomes positive, and back. */
  readonly invert?: boolean;
  /** MRC mode to write (default 2, float32). */
  readonly mode?: MrcMode;
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

/**
 * Converts a volume (MRC, EM, NumPy, HDF5, Zarr) or a particle list (every format of `PARTICLE_FORMATS`) to another. The
 * input is told by its content, the output by its name; the output appears only when it is complete.
 * @throws ConfigError for outputs of an unknown kind, conversions that lack something, and formats that would lose orientations,
 * scores or classes (unless `lossy`); FileError, FormatError as the readers; AbortError.
 */
export async function convertFile(input: string, output: string, options: ConvertOptions = {}): Promise<ConvertResult> {
  if (resolve(input) === resolve(output))
    throw new ConfigError("the output would replace the input", { where: output, hint: "Give another name." });
  if (/\.gz$/i.test(output))
    throw new ConfigError("cosnet writes no compressed files", {
      where: output,
      hint: "Leave .gz out, and run gzip on it.",
    });
  const isList = options.from !== undefined || (await describeInput(input)) === "particles";
  const to = options.to ?? formatOfName(input, output, isList);
  if (isList && isVolumeFormat(to))
    throw new ConfigError(`${input} is a particle list, and ${output} would be a volume`, {
      hint: "Give a name or format of lists (--to).",
    });
  const result = isVolumeFormat(to)
    ? await convertVolume(input, output, to, options)
    : await convertParticles(input, output, to, options);
  return { input, output, to, ...result };
}

type Outcome = Pick<ConvertResult, "from" | "paths" | "summary" | "warnings">;

async function convertVolume(
  input: string,
  output: string,
  to: VolumeFormat,
  options: ConvertOptions,
): Promise<Outcome> {
  const {
    voxelSizeAngstrom,
    permissive = false,
    invert = false,
    dataset,
    level,
    indices,
    onProgress,
    signal,
  } = options;
  const { mode = 2, byteOrder = "little", clamp = false } = options;
  onProgress?.({ stage: `reading ${input}`, done: 0, total: 1 });
  const reading = await readVolumeFile(input, { voxelSizeAngstrom, permissive, dataset, level, indices });
  const { kind, volume, imageStack = false, warnings } = reading;
  await breathe(signal);
  if (invert) for (let i = 0; i < volume.data.length; i++) volume.data[i] = -volume.data[i]!;
  onProgress?.({ stage: `writing ${output}`, done: 0, total: 1 });
  await breathe(signal);
  if (VOLUME_CODECS[to].voxelSize === "required" && Number.isNaN(volume.voxelSizeAngstrom))
    throw new ConfigError("OME-Zarr states the voxel size, and it is not known", {
      hint: "Give it with --voxel-size.",
    });
  if (isVolumeFileFormat(to)) {
    const labels = [`Converted by cosnet from ${kind.toUpperCase()}${invert ? ", density inverted" : ""}`];
    const writing = { mode, byteOrder, clamp, imageStack, labels, name: input };
    await writeFileAtomic(output, await VOLUME_FILE_CODECS[to].encode(volume, writing), { signal });
  } else await writeOmeZarr(output, volume, { name: "tomogram", signal });
  const size = Number.isNaN(volume.voxelSizeAngstrom) ? "unknown voxel size" : `${volume.voxelSizeAngstrom} Å`;
  const shape = [...volume.shape].reverse().join(" x ");
  return {
    from: kind,
    paths: [output],
    summary: `${shape} voxels, ${size}${invert ? ", density inverted" : ""}`,
    warnings,
  };
}

async function convertParticles(
  input: string,
  output: string,
  to: ParticleFormat,
  options: ConvertOptions,
): Promise<Outcome> {
  const { from, voxelSizeAngstrom, tomogram, tomograms, tomogramNames, signal } = options;
  const place = { tomogram, tomograms, sizeAngstrom: (await placementOf(options)).tomogramSizeAngstrom };
  const reading = { ...place, format: from, voxelSizeAngstrom, tomogramNames };
  const { list, format } = await readParticleListFile(input, reading);
  await breathe(signal);
  const written = await writeParticleListFile(output, list, {
    ...place,
    voxelSizeAngstrom: options.outputVoxelSizeAngstrom,
    format: to,
    lossy: options.lossy === true,
    boxSizeVoxels: options.boxSizeVoxels,
    tomogramsOutput: options.tomogramsOutput,
    comments: [`Converted by cosnet to a ${particleFormatLabel(to)}`],
    signal,
  });
  const unit = written.voxelSizeAngstrom === undefined ? "" : `, in voxels of ${written.voxelSizeAngstrom} Å`;
  const files = written.paths.length === 1 ? "" : `, ${written.paths.length} files`;
  return {
    from: format,
    paths: written.paths,
    summary: `${list.particles.length} particles as ${to}${unit}${files}`,
    warnings: [...list.warnings, ...written.warnings],
  };
}

function isVolumeFormat(format: ParticleFormat | VolumeFormat): format is VolumeFormat {
  return Object.hasOwn(VOLUME_CODECS, format);
}

/** An .em file may be either; it is what the input is. */
function formatOfName(input: string, output: string, isList: boolean): ParticleFormat | VolumeFormat {
  const [volume, format] = [volumeFormatOfName(output), particleFormatOfName(output)];
  if (volume && !(isList && format)) return volume;
  if (format) {
    if (!isList)
      throw new FormatError("not a particle list, so it cannot become one", input, {
        hint: "`cosnet info` says what it is; --from says it if it is a list of an unusual name.",
      });
    return format;
  }
  throw new ConfigError("the name does not say what to write", {
    where: output,
    hint: `Say it (--to): ${[...VOLUME_FORMATS, ...PARTICLE_FORMATS].join(", ")}.`,
  });
}
