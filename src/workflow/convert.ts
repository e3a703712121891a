import { resolve } from "node:path";
import { ConfigError, FormatError } from "../errors.js";
import {
  type ByteOrder,
  type MrcMode,
  type RelionFormat as ParticleFormat,
  parseStar,
  readParticles,
  readTomogramSizes,
  writeMrc,
  writeNpy,
  writeParticles,
} from "../io/index.js";
import { type FileKind, fileKind } from "./file-kind.js";
import { readFileBytes, writeFileAtomic } from "./files.js";
import { breathe, type Progress } from "./progress.js";
import { readVolumeFile } from "./volume-file.js";

export interface ConvertOptions extends Progress {
  /** Overrides the voxel size of a volume, or the pixel size of a particle list's coordinates. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Change the sign of the density: dark protein becomes positive, and back. */
  readonly invert?: boolean;
  /** MRC mode to write (default 2, float32). */
  readonly mode?: MrcMode;
  readonly byteOrder?: ByteOrder;
  /** Values that the mode cannot hold become its limit instead of an error. */
  readonly clamp?: boolean;
  /** Fill up a truncated input with zeros. */
  readonly permissive?: boolean;
  /** How to write a particle list (default "relion5"). */
  readonly particleFormat?: ParticleFormat;
  /** RELION's tomograms.star, which knows the tomograms' sizes. */
  readonly tomograms?: string | undefined;
}

export interface ConvertResult {
  readonly input: string;
  readonly output: string;
  readonly from: FileKind;
  readonly to: "mrc" | "npy" | "star";
  /** What was written, in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/**
 * Converts a volume (MRC, EM, NPY) to MRC or NPY, or a particle list between RELION versions. The input is told by its
 * content, the output by its name; the output appears only when it is complete.
 * @throws ConfigError for outputs of unknown kind, and for conversions that lack something; FileError, FormatError as the readers;
 * AbortError.
 */
export async function convertFile(input: string, output: string, options: ConvertOptions = {}): Promise<ConvertResult> {
  if (resolve(input) === resolve(output))
    throw new ConfigError(`${output}: the output would replace the input`, { hint: "Give another name." });
  if (/\.gz$/i.test(output))
    throw new ConfigError(`${output}: cosnet writes no compressed files`, {
      hint: "Leave .gz out, and run gzip on it.",
    });
  const to = outputKind(output);
  const result =
    to === "star" ? await convertParticles(input, output, options) : await convertVolume(input, output, to, options);
  return { input, output, to, ...result };
}

type Outcome = Pick<ConvertResult, "from" | "summary" | "warnings">;

async function convertVolume(
  input: string,
  output: string,
  to: "mrc" | "npy",
  { voxelSizeAngstrom, permissive = false, invert = false, onProgress, signal, ...writing }: ConvertOptions,
): Promise<Outcome> {
  onProgress?.({ stage: `reading ${input}`, done: 0, total: 1 });
  const { kind, volume, imageStack, warnings } = await readVolumeFile(input, { voxelSizeAngstrom, permissive });
  await breathe(signal);
  if (invert) for (let i = 0; i < volume.data.length; i++) volume.data[i] = -volume.data[i]!;
  const { mode = 2, byteOrder = "little", clamp = false } = writing;
  const labels = [`Converted by cosnet from ${kind.toUpperCase()}${invert ? ", density inverted" : ""}`];
  const bytes =
    to === "mrc"
      ? writeMrc(volume, { mode, byteOrder, clamp, imageStack, labels, name: input })
      : writeNpy({ shape: volume.shape, data: volume.data });
  onProgress?.({ stage: `writing ${output}`, done: 0, total: 1 });
  await breathe(signal);
  await writeFileAtomic(output, bytes, { signal });
  const size = Number.isNaN(volume.voxelSizeAngstrom) ? "unknown voxel size" : `${volume.voxelSizeAngstrom} Angstrom`;
  const shape = [...volume.shape].reverse().join(" x ");
  return { from: kind, summary: `${shape} voxels, ${size}${invert ? ", density inverted" : ""}`, warnings };
}

async function convertParticles(input: string, output: string, options: ConvertOptions): Promise<Outcome> {
  const { particleFormat: format = "relion5", tomograms, voxelSizeAngstrom } = options;
  const bytes = await readFileBytes(input);
  if (fileKind(bytes) !== "star") throw new FormatError("not a STAR file, so it cannot become a particle list", input);
  const document = parseStar(new TextDecoder().decode(bytes), { name: input });
  const tomogramSizesAngstrom = tomograms
    ? readTomogramSizes(await readText(tomograms), { name: tomograms })
    : undefined;
  const list = readParticles(document, {
    name: input,
    tomogramSizesAngstrom,
    coordinatePixelSizeAngstrom: voxelSizeAngstrom,
  });
  await breathe(options.signal);
  const comments = [`Converted by cosnet to ${format === "relion5" ? "RELION 5" : "RELION 3.1"}`];
  await writeFileAtomic(output, writeParticles(list, { format, tomogramSizesAngstrom, comments }));
  return { from: "star", summary: `${list.particles.length} particles as ${format}`, warnings: list.warnings };
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readFileBytes(path));
}

function outputKind(output: string): ConvertResult["to"] {
  if (/\.(mrcs?|map|ccp4|rec|st)$/i.test(output)) return "mrc";
  if (/\.npy$/i.test(output)) return "npy";
  if (/\.star$/i.test(output)) return "star";
  throw new ConfigError(`${output}: the name does not say what to write`, {
    hint: "End it in .mrc, .map, .npy or .star.",
  });
}
