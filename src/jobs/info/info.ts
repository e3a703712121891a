import { FileError, FormatError, ModelError } from "../../errors.js";
import {
  type FileKind,
  fileKind,
  folderBytes,
  isFolder,
  isZarrFolder,
  openRandomAccess,
  readFileBytes,
  zarrFolder,
} from "../../files/disk/index.js";
import { readParticleListFile } from "../../files/particles/index.js";
import {
  checkMrcLength,
  chosenVoxelSize,
  createStatistics,
  decodeVoxels,
  isGzip,
  listHdf5,
  MRC_MODES,
  memorySource,
  openZarr,
  parseMrcHeader,
  parseStar,
  particleFormatLabel,
  type RandomAccessSource,
  readEm,
  readHdf5,
  readMrc,
  readNpy,
  readSafetensorsHeader,
  readStructure,
  recogniseParticleFormat,
  type Statistics,
  statisticsOf,
  valueWarnings,
} from "../../io/index.js";
import { decodeDescription } from "../../model/index.js";
import { breathe, type Progress } from "../../progress.js";
import { readModelMetadata } from "../../runtime/index.js";
import { describeParticleList, describeStar, particleDetails } from "./particles.js";
import { describeTilts, isTiltSeries } from "./tilts.js";

export interface DescribeFileOptions extends Progress {
  /** Overrides the voxel size of the file in what is reported. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Which biological assembly of a structure to count (default "1"), or "none". */
  readonly assembly?: string | undefined;
}

/** What `cosnet info` says about a file. */
export interface FileDescription {
  readonly path: string;
  readonly kind: FileKind;
  /** The kind in words. */
  readonly format: string;
  readonly byteLength: number;
  readonly gzip: boolean;
  /** Facts in the order in which they are worth reading; the unit is in the name. */
  readonly fields: Readonly<Record<string, string | number | undefined>>;
  /** Of the values of a volume. */
  readonly statistics?: Statistics;
  readonly warnings: readonly string[];
}

const FORMATS: Readonly<Record<FileKind, string>> = {
  mrc: "MRC volume or stack",
  em: "EM volume",
  npy: "NumPy array",
  hdf5: "HDF5 file",
  zarr: "Zarr volume",
  star: "STAR table",
  particles: "particle list",
  tilts: "tilt series",
  pdb: "PDB structure",
  mmcif: "mmCIF structure",
  safetensors: "safetensors",
  onnx: "ONNX model",
  unknown: "not a kind of file that cosnet reads",
};

type Details = Pick<FileDescription, "fields" | "warnings"> & { readonly statistics?: Statistics };

/**
 * Says what a file is, by its content, and what is in it. MRC files are read piece by piece, so that a tomogram larger
 * than memory can be described; all others are read whole.
 * @throws FileError when it cannot be read; FormatError or ModelError when it is of a known kind, or its name says so, but
 * damaged.
 */
export async function describeFile(path: string, options: DescribeFileOptions = {}): Promise<FileDescription> {
  if (await isFolder(path)) return describeFolder(path, options);
  const source = await openRandomAccess(path);
  try {
    const { byteLength } = source;
    if (byteLength === 0) throw new FormatError("the file is empty", path);
    const start = await source.read(0, Math.min(4096, byteLength));
    const gzip = isGzip(start);
    const early = gzip ? "unknown" : fileKind(start, byteLength);
    const common = { path, byteLength, gzip };
    if (early === "mrc")
      return { ...common, kind: early, format: FORMATS[early], ...(await describeMrc(source, path, options)) };
    const bytes = await readFileBytes(path);
    const kind = kindOf(bytes, path);
    const details = await describeBytes(bytes, kind, path, options);
    return { ...common, kind, format: FORMATS[kind], ...details };
  } finally {
    await source.close();
  }
}

/** `fileKind`, and the lists and tilt series that it leaves out. RELION's lists are STAR tables first. */
function kindOf(bytes: Uint8Array, path: string): FileKind {
  const kind = fileKind(bytes);
  if (kind === "unknown" && isTiltSeries(bytes)) return "tilts";
  if (kind !== "unknown" && kind !== "em" && kind !== "star") return kind;
  const format = recogniseParticleFormat(bytes, path);
  return format === undefined || format === "relion5" ? kind : "particles";
}

/** Voxels of a Zarr image read at a time: half a gigabyte, for the usual cubes of 64 to be read once each. */
const ZARR_PIECE_VOXELS = 1 << 27;

async function describeFolder(path: string, options: DescribeFileOptions): Promise<FileDescription> {
  const byteLength = await folderBytes(path);
  const common = { path, byteLength, gzip: false };
  if (!(await isZarrFolder(path))) {
    const list = await readParticleListFile(path, { voxelSizeAngstrom: options.voxelSizeAngstrom }).catch((error) => {
      if (!(error instanceof FormatError) || !/no picks/.test(error.message)) throw error;
      throw new FileError("cannot be read: this is a folder, not a file", path, { hint: error.hint ?? "Give a file." });
    });
    const format = `${particleFormatLabel(list.format)}s in copick's folders`;
    return { ...common, kind: "particles", format, ...particleDetails(list.list, "Angstrom") };
  }
  const level = await openZarr(zarrFolder(path), { name: path, voxelSizeAngstrom: options.voxelSizeAngstrom });
  const { shape, voxelSizeAngstrom, type, levelCount } = level;
  const [nz, ny, nx] = shape;
  const accumulator = createStatistics();
  const sections = Math.max(1, Math.floor(ZARR_PIECE_VOXELS / (ny * nx)));
  for (let z = 0; z < nz; z += sections) {
    options.onProgress?.({ stage: "reading values", done: z, total: nz });
    await breathe(options.signal);
    accumulator.add(await level.read([z, 0, 0], [Math.min(sections, nz - z), ny, nx]));
  }
  const statistics = accumulator.result();
  return {
    ...common,
    kind: "zarr",
    format: FORMATS.zarr,
    fields: { nx, ny, nz, voxelSizeAngstrom, type, levels: levelCount },
    statistics,
    warnings: [...level.warnings, ...valueWarnings(statistics)],
  };
}

async function describeHdf5(bytes: Uint8Array, path: string, options: DescribeFileOptions): Promise<Details> {
  const entries = await listHdf5(bytes, { name: path });
  const listed = entries.slice(0, 8).map((entry) => `${entry.path} (${entry.shape.join(" x ")})`);
  const fields = {
    dataSets: entries.length,
    content: `${listed.join(", ")}${entries.length > listed.length ? ", ..." : ""}` || undefined,
  };
  if (!entries.some(({ shape }) => shape.length >= 2)) return { fields, warnings: ["there is no volume in it"] };
  const { volume, dataset, voxelSizeAngstrom, warnings } = await readHdf5(bytes, { name: path, ...options });
  const [nz, ny, nx] = volume.shape;
  const statistics = statisticsOf(volume.data);
  return {
    fields: { ...fields, volume: dataset, nx, ny, nz, voxelSizeAngstrom },
    statistics,
    warnings: [...warnings, ...valueWarnings(statistics)],
  };
}

async function describeBytes(
  bytes: Uint8Array,
  kind: FileKind,
  path: string,
  options: DescribeFileOptions,
): Promise<Details> {
  switch (kind) {
    case "mrc":
      return describeMrc(memorySource(bytes), path, options);
    case "em": {
      const { header, voxelSizeAngstrom, statistics, warnings } = readEm(bytes, { name: path, ...options });
      const [nz, ny, nx] = header.shape;
      const fields = { nx, ny, nz, voxelSizeAngstrom, type: header.type, byteOrder: header.byteOrder };
      return { fields: header.comment ? { ...fields, comment: header.comment } : fields, statistics, warnings };
    }
    case "npy": {
      const { shape, type, fortranOrder, data } = readNpy(bytes, { name: path });
      const statistics = statisticsOf(data);
      const fields = { shape: shape.join(" x "), type, order: fortranOrder ? "Fortran" : "C" };
      if (data.length === 0) return { fields, warnings: ["the array holds no values"] };
      return { fields, statistics, warnings: valueWarnings(statistics) };
    }
    case "hdf5":
      return describeHdf5(bytes, path, options);
    case "star":
      return describeStar(parseStar(new TextDecoder().decode(bytes), { name: path }), path);
    case "tilts":
      return describeTilts(bytes, path);
    case "particles":
      return describeParticleList(bytes, path, options.voxelSizeAngstrom);
    case "zarr": // a folder, which has no bytes
    case "pdb":
    case "mmcif":
      return describeStructure(bytes, path, options);
    case "safetensors": {
      const { entries, metadata } = readSafetensorsHeader(bytes, { name: path });
      const values = entries.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
      const types = [...new Set(entries.map(({ dtype }) => dtype))].join(", ");
      return { fields: { tensors: entries.length, values, types, ...metadata }, warnings: [] };
    }
    case "onnx":
      return describeModel(bytes, path);
    case "unknown":
      return { fields: {}, warnings: unknownWarnings(bytes, path) };
  }
}

/** The kinds of file that say why they cannot read what their name promises. */
const NAMED_READERS: readonly (readonly [name: RegExp, read: (bytes: Uint8Array, path: string) => unknown])[] = [
  [/\.(mrcs?|map|rec|ccp4|st|ali)$/i, (bytes, path) => readMrc(bytes, { name: path })],
  [/\.em$/i, (bytes, path) => readEm(bytes, { name: path })],
  [/\.star$/i, (bytes, path) => parseStar(new TextDecoder().decode(bytes), { name: path })],
  [/\.(pdb|ent|cif|mmcif)$/i, (bytes, path) => readStructure(bytes, { name: path })],
  [/\.npy$/i, (bytes, path) => readNpy(bytes, { name: path })],
  [/\.onnx$/i, (bytes, path) => describeModel(bytes, path)],
  [/\.safetensors$/i, (bytes, path) => readSafetensorsHeader(bytes, { name: path })],
];

/** @throws FormatError or ModelError of the reader that the name asks for. */
function unknownWarnings(bytes: Uint8Array, path: string): string[] {
  const name = path.replace(/\.gz$/i, "");
  const [, read] = NAMED_READERS.find(([pattern]) => pattern.test(name)) ?? [];
  if (!read) return [];
  read(bytes, path);
  return ["the content is not what the file's name says"];
}

function describeModel(bytes: Uint8Array, path: string): Details {
  let metadata: ReadonlyMap<string, string>;
  try {
    metadata = readModelMetadata(bytes);
  } catch (cause) {
    throw new FormatError(cause instanceof ModelError ? cause.message : String(cause), path, {
      cause,
      hint: "Copy or download the file again.",
    });
  }
  const description = decodeDescription(metadata);
  if (!description) return { fields: {}, warnings: ["this model was not written by cosnet, and cosnet cannot run it"] };
  const { config, embeddingSize, edge, voxelSizeAngstrom, provenance } = description;
  const fields = {
    network: config.preset,
    decoder: "decoder" in config && !config.decoder ? "none: gives no masks" : "yes",
    box: `${edge} x ${edge} x ${edge}`,
    voxelSizeAngstrom,
    embeddingSize,
  };
  return { fields: { ...fields, ...provenance }, warnings: [] };
}

/** Values decoded at a time: 16 MB as float32. */
const PIECE_VOXELS = 1 << 22;

async function describeMrc(source: RandomAccessSource, path: string, options: DescribeFileOptions): Promise<Details> {
  const start = await source.read(0, Math.min(1024, source.byteLength));
  const { header, warnings } = parseMrcHeader(start, { name: path, byteLength: source.byteLength });
  const lengthWarning = checkMrcLength(header, source.byteLength, path);
  if (lengthWarning) warnings.push(lengthWarning);
  const voxelSizeAngstrom = chosenVoxelSize(header, options.voxelSizeAngstrom, warnings);
  const accumulator = createStatistics();
  const width = MRC_MODES[header.mode].bytesPerVoxel;
  const total = header.dataBytes / width;
  for (let done = 0; done < total; done += PIECE_VOXELS) {
    options.onProgress?.({ stage: "reading values", done, total });
    await breathe(options.signal);
    const count = Math.min(PIECE_VOXELS, total - done);
    const bytes = await source.read(header.dataOffset + done * width, count * width);
    accumulator.add(decodeVoxels(bytes, header.mode, header));
  }
  const statistics = accumulator.result();
  warnings.push(...valueWarnings(statistics));
  const [nz, ny, nx] = header.shape;
  const { fields, mode, byteOrder, axes, labels } = header;
  return {
    fields: {
      nx,
      ny,
      nz,
      voxelSizeAngstrom,
      mode: `${mode} (${header.unsignedBytes ? "uint8" : MRC_MODES[mode].name})`,
      byteOrder: `${byteOrder}-endian`,
      axisOrder:
        axes[0] === 2 && axes[1] === 1
          ? undefined
          : `stored as ${[...axes]
              .reverse()
              .map((a) => "xyz"[a])
              .join(", ")}`,
      extendedHeaderBytes: fields.nsymbt || undefined,
      originAngstrom: [fields.originX, fields.originY, fields.originZ].some((value) => value !== 0)
        ? [fields.originX, fields.originY, fields.originZ].join(", ")
        : undefined,
      labels: labels.filter((label) => label !== "").join(" | ") || undefined,
    },
    statistics,
    warnings,
  };
}

function describeStructure(bytes: Uint8Array, path: string, options: DescribeFileOptions): Details {
  const structure = readStructure(bytes, { name: path, assembly: options.assembly });
  const { assembly, positionsAngstrom, atomCount } = structure;
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (let i = 0; i < 3 * atomCount; i++) {
    low[i % 3] = Math.min(low[i % 3]!, positionsAngstrom[i]!);
    high[i % 3] = Math.max(high[i % 3]!, positionsAngstrom[i]!);
  }
  return {
    fields: {
      title: structure.title || undefined,
      assembly: `${assembly.id}${assembly.available.length > 0 ? ` of ${assembly.available.join(", ")}` : ""}`,
      operators: assembly.operatorCount,
      chains: assembly.chainCount,
      heavyAtoms: atomCount,
      massKilodalton: Math.round(structure.massKilodalton),
      extentAngstrom: low.map((value, axis) => Math.round(high[axis]! - value)).join(" x "),
    },
    warnings: structure.warnings,
  };
}
