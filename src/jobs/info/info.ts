import { FileError, FormatError } from "../../errors.js";
import {
  type FileKind,
  fileKind,
  folderBytes,
  isFolder,
  isZarrFolder,
  openRandomAccess,
  readFileBytes,
} from "../../files/disk/index.js";
import { readParticleListFile } from "../../files/particles/index.js";
import {
  isGzip,
  isVolumeFileFormat,
  parseStar,
  particleFormatLabel,
  readSafetensorsHeader,
  readStructure,
  recogniseParticleFormat,
  VOLUME_CODECS,
  VOLUME_FILE_CODECS,
  type VolumeFormat,
  volumeFormatOfName,
} from "../../io/index.js";
import { inOnePiece } from "../../progress.js";
import type { Describe, DescribeFileOptions, Details, FileDescription } from "./description.js";
import { describeModel } from "./model.js";
import { describeParticleList, particleDetails } from "./particles.js";
import { describeStar } from "./star.js";
import { describeStructure } from "./structure.js";
import { describeTilts, isTiltSeries } from "./tilts.js";
import { describeMrc, describeVolume, describeZarr } from "./volumes.js";

/** The kinds of file that are not volumes: in words, and what is in them. */
const OTHERS: Readonly<Record<Exclude<FileKind, VolumeFormat>, { format: string; describe: Describe }>> = {
  star: {
    format: "STAR table",
    describe: describeStar,
  },
  particles: {
    format: "particle list",
    describe: describeParticleList,
  },
  tilts: { format: "tilt series", describe: describeTilts },
  pdb: { format: "PDB structure", describe: describeStructure },
  mmcif: { format: "mmCIF structure", describe: describeStructure },
  safetensors: { format: "safetensors", describe: describeSafetensors },
  onnx: { format: "ONNX model", describe: describeModel },
  unknown: { format: "not a kind of file that cosnet reads", describe: describeUnknown },
};

/**
 * Says what a file is, by its content, and what is in it. MRC files are read piece by piece, so that a tomogram larger
 * than memory can be described; all others are read whole.
 * @throws FileError when it cannot be read; FormatError or ModelError when it is of a known kind, or its name says so, but
 * damaged.
 */
export async function describeFile(path: string, options: DescribeFileOptions = {}): Promise<FileDescription> {
  if (await isFolder(path)) return describeFolder(path, options);
  await using source = await openRandomAccess(path);
  const { byteLength } = source;
  if (byteLength === 0) throw new FormatError("the file is empty", path);
  const start = await source.read(0, Math.min(4096, byteLength));
  const gzip = isGzip(start);
  const common = { path, byteLength, gzip };
  if (!gzip && fileKind(start, byteLength) === "mrc")
    return { ...common, kind: "mrc", format: VOLUME_CODECS.mrc.label, ...(await describeMrc(source, path, options)) };
  const { onProgress, signal } = options;
  const bytes = await readFileBytes(path, { stage: `reading ${path}`, onProgress, signal });
  const kind = kindOf(bytes, path);
  const { format, describe } = isVolumeFileFormat(kind)
    ? { format: VOLUME_CODECS[kind].label, describe: describeVolume[kind] }
    : OTHERS[kind];
  const details = await inOnePiece(`examining ${path}`, options, () => describe(bytes, path, options));
  return { ...common, kind, format, ...details };
}

/** `fileKind`, and the lists and tilt series that it leaves out. RELION's lists are STAR tables first. */
function kindOf(bytes: Uint8Array, path: string): Exclude<FileKind, "zarr"> {
  const kind = fileKind(bytes);
  if (kind === "unknown" && isTiltSeries(bytes)) return "tilts";
  if (kind !== "unknown" && kind !== "em" && kind !== "star") return kind;
  const format = recogniseParticleFormat(bytes, path);
  return format === undefined || format === "relion5" ? kind : "particles";
}

async function describeFolder(path: string, options: DescribeFileOptions): Promise<FileDescription> {
  const common = { path, byteLength: await folderBytes(path), gzip: false };
  if (await isZarrFolder(path))
    return { ...common, kind: "zarr", format: VOLUME_CODECS.zarr.label, ...(await describeZarr(path, options)) };
  const list = await readParticleListFile(path, {
    voxelSizeAngstrom: options.voxelSizeAngstrom,
    signal: options.signal,
  }).catch((error) => {
    if (!(error instanceof FormatError) || error.where !== path) throw error; // of one of its files
    throw new FileError("cannot be read: this is a folder, not a file", path, { hint: error.hint ?? "Give a file." });
  });
  const format = `${particleFormatLabel(list.format)}s in copick's folders`;
  return { ...common, kind: "particles", format, ...particleDetails(list.list, "Å") };
}

function describeSafetensors(bytes: Uint8Array, path: string): Details {
  const { entries, metadata } = readSafetensorsHeader(bytes, { name: path });
  const values = entries.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
  const types = [...new Set(entries.map(({ dtype }) => dtype))].join(", ");
  return { fields: { tensors: entries.length, values, types, ...metadata }, warnings: [] };
}

/** The kinds of file besides volumes that say why they cannot read what their name promises. */
const NAMED_READERS: readonly (readonly [name: RegExp, read: (bytes: Uint8Array, path: string) => unknown])[] = [
  [/\.star$/i, (bytes, path) => parseStar(new TextDecoder().decode(bytes), { name: path })],
  [/\.(pdb|ent|cif|mmcif)$/i, (bytes, path) => readStructure(bytes, { name: path })],
  [/\.onnx$/i, describeModel],
  [/\.safetensors$/i, (bytes, path) => readSafetensorsHeader(bytes, { name: path })],
];

/** @throws FormatError of the reader that the name asks for. */
async function describeUnknown(bytes: Uint8Array, path: string): Promise<Details> {
  const volume = volumeFormatOfName(path);
  const [, other] = NAMED_READERS.find(([pattern]) => pattern.test(path.replace(/\.gz$/i, ""))) ?? [];
  if (isVolumeFileFormat(volume)) await VOLUME_FILE_CODECS[volume].decode(bytes, { name: path });
  else if (other) await other(bytes, path);
  else return { fields: {}, warnings: [] };
  return { fields: {}, warnings: ["the content is not what the file's name says"] };
}
