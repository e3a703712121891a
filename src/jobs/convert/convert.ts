import { resolve } from "node:path";
import { ConfigError, FormatError } from "../../errors.js";
import { writeFileAtomic } from "../../files/disk/index.js";
import { readVolumeFile, writeOmeZarr } from "../../files/tomogram/index.js";
import {
  censusOf,
  isVolumeFileFormat,
  MRC_MODES,
  mrcReaderWarnings,
  overriddenVoxelSize,
  PARTICLE_FORMATS,
  type ParticleFormat,
  particleFormatOfName,
  smallestMrcMode,
  VOLUME_CODECS,
  VOLUME_FILE_CODECS,
  VOLUME_FORMATS,
  type VolumeFormat,
  volumeFormatOfName,
} from "../../io/index.js";
import { inOnePiece } from "../../progress.js";
import { describeInput } from "./input.js";
import type { ConvertOptions, ConvertResult, Outcome } from "./options.js";
import { convertParticles } from "./particles.js";

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
  const { byteOrder = "little", clamp = false } = options;
  const progress = { onProgress, signal };
  const reading = await readVolumeFile(input, { voxelSizeAngstrom, permissive, dataset, level, indices, ...progress });
  const { kind, volume, imageStack = false, originAngstrom } = reading;
  const stated = overriddenVoxelSize(reading);
  if (invert) for (let i = 0; i < volume.data.length; i++) volume.data[i] = -volume.data[i]!;
  if (VOLUME_CODECS[to].voxelSize === "required" && Number.isNaN(volume.voxelSizeAngstrom))
    throw new ConfigError("OME-Zarr states the voxel size, and it is not known", {
      hint: "Give it with --voxel-size.",
    });
  const census = await inOnePiece("measuring values", progress, () => censusOf(volume.data));
  const { minimum, maximum } = census.statistics;
  const mode = options.mode ?? (census.isLabels && to === "mrc" ? smallestMrcMode(minimum, maximum) : 2);
  if (isVolumeFileFormat(to)) {
    const labels = [`Converted by cosnet from ${kind.toUpperCase()}${invert ? ", density inverted" : ""}`];
    const writing = { mode, byteOrder, clamp, imageStack, labels, originAngstrom, name: input };
    const codec = VOLUME_FILE_CODECS[to];
    const bytes = await inOnePiece(`encoding ${output}`, progress, () => codec.encode(volume, writing));
    await writeFileAtomic(output, bytes, { stage: `writing ${output}`, ...progress });
  } else await writeOmeZarr(output, volume, { name: "tomogram", stage: `writing ${output}`, ...progress });
  const warnings = [...reading.warnings, ...(to === "mrc" ? mrcReaderWarnings({ mode, byteOrder }) : [])];
  if (to !== "mrc" && originAngstrom) {
    const { x, y, z } = originAngstrom;
    warnings.push(`left out: the map's origin (${x}, ${y}, ${z} Å), which viewers move it by`);
  }
  const instead = stated === undefined ? "" : ` instead of the header's ${stated} Å`;
  const size = Number.isNaN(volume.voxelSizeAngstrom)
    ? "unknown voxel size"
    : `${volume.voxelSizeAngstrom} Å${instead}`;
  const shape = [...volume.shape].reverse().join(" x ");
  return {
    from: kind,
    paths: [output],
    summary: `${shape} voxels, ${size}${invert ? ", density inverted" : ""}${mode === 2 || to !== "mrc" ? "" : `, MRC mode ${mode} (${MRC_MODES[mode].name})`}`,
    warnings,
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
