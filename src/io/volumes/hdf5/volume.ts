import type { Dataset, Entity, File, Group } from "h5wasm";
import { FormatError } from "../../../errors.js";
import type { Shape3, Volume } from "../../../volume/index.js";
import { decodeFloat16 } from "../float16.js";
import { readInMemory, writeInMemory } from "./library.js";

/** A data set of an HDF5 file. */
export interface Hdf5Entry {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: string;
}

/** A volume of an HDF5 file, and what else the file holds. */
export interface Hdf5Reading {
  readonly volume: Volume;
  readonly voxelSizeAngstrom: number | undefined;
  /** What the file itself says, whatever was given. */
  readonly statedVoxelSizeAngstrom: number | undefined;
  /** The data set that was read. */
  readonly dataset: string;
  /** Every data set of numbers in the file. */
  readonly entries: readonly Hdf5Entry[];
  readonly warnings: readonly string[];
}

/** Which data set of an HDF5 file, and its voxel size. */
export interface ReadHdf5Options {
  readonly name?: string;
  /** The data set to read (default: EMAN2's first image, else the largest of three dimensions, real numbers first). */
  readonly dataset?: string | undefined;
  /** Overrides the file's voxel size. */
  readonly voxelSizeAngstrom?: number | undefined;
}

/** What may be unpacked: compressed data sets can claim any size. */
const MOST_VOXELS = 2 ** 29;
/** What is listed: a corrupt file may seem to hold any number of groups. */
const MOST_ENTRIES = 100_000;

/** Whether bytes begin with HDF5's signature (HDF5 file format specification, superblock). */
export function looksLikeHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/** The data sets of numbers in an HDF5 file. @throws FormatError */
export function listHdf5(bytes: Uint8Array, { name = "HDF5" }: { name?: string } = {}): Promise<Hdf5Entry[]> {
  return readInMemory(bytes, name, (file) => entriesOf(file, name));
}

/**
 * A volume from an HDF5 file: EMAN2's (MDF/images/N/image, with its packed integers), DeepFinder's, CryoSiam's or any data
 * set of three dimensions, slowest z. The voxel size is EMAN2's apix_x; other programs state none.
 * @throws FormatError when it is damaged, holds no volume, or a volume too large to unpack.
 */
export function readHdf5(bytes: Uint8Array, options: ReadHdf5Options = {}): Promise<Hdf5Reading> {
  const { name = "HDF5" } = options;
  return readInMemory(bytes, name, (file) => {
    const entries = entriesOf(file, name);
    const path = options.dataset ?? chosenEntry(entries)?.path;
    const dataset = path === undefined ? null : file.get(path);
    if (path === undefined || !isDataset(dataset))
      throw new FormatError(path === undefined ? "there is no volume in it" : `there is no data set ${path}`, name, {
        hint: `It holds ${
          entries
            .map((entry) => `${entry.path} (${entry.shape.join(" x ")})`)
            .join(", ")
            .slice(0, 400) || "no data sets"
        }.`,
      });
    const shape = volumeShape(dataset.shape ?? [], `${name}, ${path}`);
    const data = unpacked(dataset, path, `${name}, ${path}`);
    const apix = attribute(dataset.parent, "EMAN.apix_x");
    const stated = apix !== undefined && apix > 0 ? apix : undefined;
    const voxelSizeAngstrom = options.voxelSizeAngstrom ?? stated;
    const warnings: string[] = [];
    const others = entries.filter((entry) => entry.path !== path && entry.shape.length >= 2).length;
    if (others > 0) warnings.push(`the file holds ${others + 1} images or volumes; this is ${path}`);
    if (voxelSizeAngstrom === undefined) warnings.push("the file states no voxel size");
    if (stated === 1 && options.voxelSizeAngstrom === undefined)
      warnings.push("a voxel size of exactly 1 Å is often a default");
    return {
      volume: { data, shape, voxelSizeAngstrom: voxelSizeAngstrom ?? Number.NaN },
      voxelSizeAngstrom,
      statedVoxelSizeAngstrom: stated,
      dataset: path,
      entries,
      warnings,
    };
  });
}

function entriesOf(file: File, name: string): Hdf5Entry[] {
  const entries: Hdf5Entry[] = [];
  const queue: { group: Group; path: string; depth: number }[] = [{ group: file, path: "", depth: 0 }];
  let seen = 0;
  for (let item = queue.shift(); item; item = queue.shift()) {
    const { group, path, depth } = item;
    for (const key of group.keys()) {
      if (++seen > MOST_ENTRIES) throw new FormatError(`more than ${MOST_ENTRIES} entries`, name);
      const inner = path === "" ? key : `${path}/${key}`;
      const entity = group.get(key);
      if (isDataset(entity)) {
        const { shape } = entity;
        const type = typeOf(entity);
        if (shape && type !== undefined) entries.push({ path: inner, shape, type });
      } else if (isGroup(entity) && depth < 16) queue.push({ group: entity, path: inner, depth: depth + 1 });
    }
  }
  return entries;
}

/** Of the kinds of numbers that are read: whole, real and true or false; undefined for any other. */
function typeOf({ dtype, metadata }: Dataset): string | undefined {
  if (typeof dtype === "string" && /^[<>|=]?[bBhHiIlLqQefd]$/.test(dtype)) return dtype;
  // h5py's booleans.
  return Object.keys(metadata.enum_type?.members ?? {}).join() === "FALSE,TRUE" ? "bool" : undefined;
}

const isReal = ({ type }: Hdf5Entry) => /[efd]$/.test(type);

function chosenEntry(entries: readonly Hdf5Entry[]): Hdf5Entry | undefined {
  const size = ({ shape }: Hdf5Entry) => shape.reduce((product, n) => product * n, 1);
  const volumes = entries.filter(({ shape }) => shape.filter((n) => n > 1).length === 3);
  const eman = entries.find(({ path }) => path === "MDF/images/0/image");
  // Of a tomogram and labels of the same size the tomogram.
  return eman ?? volumes.sort((a, b) => size(b) - size(a) || Number(isReal(b)) - Number(isReal(a)))[0];
}

/** Leading dimensions of one are left out; an image is a volume of one section. */
function volumeShape(shape: readonly number[], where: string): Shape3 {
  if (shape.length < 2 || shape.slice(0, -3).some((n) => n !== 1))
    throw new FormatError(`an array of ${shape.join(" x ")} is not a volume`, where);
  const [nz, ny, nx] = [1, ...shape].slice(-3);
  const voxels = nz * ny * nx;
  if (voxels === 0) throw new FormatError("it holds no voxels", where);
  if (voxels > MOST_VOXELS)
    throw new FormatError(
      `${nx} x ${ny} x ${nz} voxels are more than the ${MOST_VOXELS} that can be unpacked at once`,
      where,
      { hint: "Convert it to MRC with the program that wrote it; MRC is read piece by piece." },
    );
  return [nz, ny, nx];
}

function unpacked(dataset: Dataset, path: string, where: string): Float32Array {
  const value = /e$/.test(String(dataset.dtype)) ? halfPrecision(dataset) : dataset.value;
  if (!ArrayBuffer.isView(value)) throw new FormatError("it is not an array of numbers", where);
  const data =
    value instanceof Float32Array ? value : Float32Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (!/^MDF\/images\//.test(path)) return data;
  // EMAN2 stores images in a few bits: value = integer / (2^bits - 1) (maximum - minimum) + minimum.
  const [bits, minimum, maximum] = ["renderbits", "rendermin", "rendermax"].map((key) =>
    attribute(dataset.parent, `EMAN.stored_${key}`),
  );
  if (bits === undefined || bits <= 0 || minimum === undefined || maximum === undefined) return data;
  const step = (maximum - minimum) / (2 ** bits - 1);
  return data.map((integer) => integer * step + minimum);
}

/** The library reads numbers of 16 bits where JavaScript has an array of them (Node 24): as whole numbers, their patterns, everywhere. */
function halfPrecision(dataset: Dataset): Float32Array | null {
  const { metadata } = dataset;
  Object.defineProperty(dataset, "metadata", { value: { ...metadata, type: WHOLE_NUMBERS, signed: false } });
  const patterns = dataset.value;
  return patterns instanceof Uint16Array ? decodeFloat16(patterns) : null;
}

/** HDF5's class of whole numbers (H5T_INTEGER). */
const WHOLE_NUMBERS = 0;

function attribute(group: Group, name: string): number | undefined {
  const value = group.attrs[name]?.value;
  const first = ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number>)[0] : value;
  return typeof first === "number" && Number.isFinite(first) ? first : undefined;
}

function isDataset(entity: Entity | null): entity is Dataset {
  return entity !== null && "type" in entity && entity.type === "Dataset";
}

function isGroup(entity: Entity | null): entity is Group {
  return entity !== null && "type" in entity && entity.type === "Group";
}

/** The bytes of an EMAN2 HDF5 file of one float32 volume, which other programs find under MDF/images/0/image. */
export function writeHdf5({ data, shape, voxelSizeAngstrom }: Volume): Promise<Uint8Array> {
  const [nz, ny, nx] = shape;
  return writeInMemory((file) => {
    const images = file.create_group("MDF").create_group("images");
    images.create_attribute("imageid_max", 0, null, "<i");
    const image = images.create_group("0");
    for (const [key, value] of Object.entries({ nx, ny, nz, datatype: 7 }))
      image.create_attribute(`EMAN.${key}`, value, null, "<i");
    if (voxelSizeAngstrom > 0)
      for (const axis of ["x", "y", "z"]) image.create_attribute(`EMAN.apix_${axis}`, voxelSizeAngstrom, null, "<f");
    image.create_dataset({ name: "image", data, shape: [nz, ny, nx] });
  });
}
