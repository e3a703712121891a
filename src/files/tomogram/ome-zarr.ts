import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodeZarrArray, encodeZarrChunk, encodeZarrGroup } from "../../io/index.js";
import { breathe, type Progress } from "../../progress.js";
import { type Shape3, type VoxelGrid, voxelCount } from "../../volume/index.js";
import { fileError, makeFolder, nameFinished, removedAfterUse, temporaryPath } from "../disk/index.js";
import { halfFirst, halfMean, pyramidChunks, type ZarrVolume } from "./pyramid.js";

/** Edge of the cubes that arrays are stored in. */
const CHUNK = 64;
/** The pyramid ends when its longest edge is no longer than this. */
const SMALLEST_EDGE = 128;

/** A volume that need not be in memory whole. */
export interface ZarrSections extends VoxelGrid {
  /** Sections `from` to `to - 1`, always in the same type; asked for in rising order, each once. */
  readonly sections: (from: number, to: number) => ZarrVolume["data"];
}

export interface WriteOmeZarrOptions {
  readonly name: string;
  /** Label volumes of the same shape, by name, or their sections; never averaged. */
  readonly labels?: Readonly<Record<string, ZarrVolume["data"] | ZarrSections["sections"]>>;
  /** What progress calls it; without it there is none. */
  readonly stage?: string;
  readonly onProgress?: Progress["onProgress"];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a volume as OME-Zarr 0.5 (Zarr 3): a pyramid `0`, `1`, ... of halved resolution, axes z, y, x in Ångström, and
 * labels under `labels/NAME` with the same pyramid. Voxel centres keep their positions: a level's first voxel lies half its
 * size less half the finest voxel from the origin. The folder is written under another name and renamed when whole; what
 * was there before is replaced.
 * Source: NGFF specification 0.5 (ngff.openmicroscopy.org).
 * @throws FileError, AbortError
 */
export async function writeOmeZarr(
  path: string,
  volume: ZarrVolume | ZarrSections,
  options: WriteOmeZarrOptions,
): Promise<void> {
  const temporary = await temporaryPath(path);
  await using _ = removedAfterUse(temporary);
  try {
    const { name: title, signal } = options;
    const written = chunkCounter(volume.shape, options);
    const { shape, voxelSizeAngstrom } = volume;
    const image = "data" in volume ? sectionsOf(volume) : volume;
    await writePyramid(temporary, image, { name: title, signal, written, attributes: {}, half: halfMean });
    const labels = Object.entries(options.labels ?? {});
    if (labels.length > 0)
      await writeValue(
        join(temporary, "labels", "zarr.json"),
        encodeZarrGroup({ ome: { version: "0.5", labels: labels.map(([name]) => name) } }),
      );
    for (const [name, data] of labels)
      await writePyramid(
        join(temporary, "labels", name),
        typeof data === "function" ? { shape, voxelSizeAngstrom, sections: data } : sectionsOf({ ...volume, data }),
        {
          name,
          signal,
          written,
          attributes: { "image-label": { source: { image: "../../" } } },
          half: halfFirst,
        },
      );
    await nameFinished(temporary, path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw fileError(path, "written", cause);
    throw cause;
  }
}

/** Writes one value of a store. */
async function writeValue(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  await writeFile(path, bytes);
}

interface PyramidOptions {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  /** Told of each chunk. */
  readonly written: () => void;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly half: (volume: ZarrVolume) => ZarrVolume;
}

/** A volume in memory, by sections. */
function sectionsOf({ data, shape, voxelSizeAngstrom }: ZarrVolume): ZarrSections {
  const size = shape[1] * shape[2];
  return { shape, voxelSizeAngstrom, sections: (from, to) => data.subarray(from * size, to * size) };
}

async function writePyramid(
  folder: string,
  finest: ZarrSections,
  { name, signal, written, attributes, half }: PyramidOptions,
): Promise<void> {
  const datasets = [];
  let level = finest;
  for (let index = 0; ; index++) {
    const isLast = Math.max(...level.shape) <= SMALLEST_EDGE;
    const next = await writeArray(join(folder, String(index)), level, {
      signal,
      written,
      half: isLast ? undefined : half,
    });
    const scale = level.voxelSizeAngstrom;
    const offset = (scale - finest.voxelSizeAngstrom) / 2;
    datasets.push({
      path: String(index),
      coordinateTransformations: [
        { type: "scale", scale: [scale, scale, scale] },
        { type: "translation", translation: [offset, offset, offset] },
      ],
    });
    if (next === undefined) break;
    level = sectionsOf(next);
  }
  const axes = ["z", "y", "x"].map((axis) => ({ name: axis, type: "space", unit: "angstrom" }));
  const ome = { version: "0.5", multiscales: [{ name, axes, datasets }], ...attributes };
  await writeValue(join(folder, "zarr.json"), encodeZarrGroup({ ome }));
}

/** Writes one level, and gives the next one: of the volume, a layer of chunks and an eighth of it are in memory. */
async function writeArray(
  folder: string,
  { shape, voxelSizeAngstrom, sections }: ZarrSections,
  {
    signal,
    written,
    half,
  }: Pick<PyramidOptions, "signal" | "written"> & { readonly half: PyramidOptions["half"] | undefined },
): Promise<ZarrVolume | undefined> {
  const [nz, ny, nx] = shape;
  const chunk = shape.map((n) => Math.min(CHUNK, n)) as unknown as Shape3;
  let next: ZarrVolume | undefined;
  for (let z = 0; z < nz; z += chunk[0]) {
    await breathe(signal);
    const depth = Math.min(chunk[0], nz - z);
    const slab = { data: sections(z, z + depth), shape: [depth, ny, nx] as const, voxelSizeAngstrom };
    if (z === 0) await writeValue(join(folder, "zarr.json"), encodeZarrArray(slab.data, shape, chunk));
    await writeLayer(join(folder, "c", String(z / chunk[0])), slab, chunk, written);
    if (!half) continue;
    const halved = half(slab); // layers are of even depth, but for the last
    next ??= emptyLike(halved, shape.map((n) => Math.ceil(n / 2)) as unknown as Shape3);
    next.data.set(halved.data, (z / 2) * next.shape[1] * next.shape[2]);
  }
  return next;
}

/** The chunks of one layer; those of zeros alone are left out. */
async function writeLayer(
  folder: string,
  { data, shape }: ZarrVolume,
  chunk: Shape3,
  written: () => void,
): Promise<void> {
  for (let y = 0; y < shape[1]; y += chunk[1])
    for (let x = 0; x < shape[2]; x += chunk[2]) {
      const bytes = await encodeZarrChunk(data, shape, [0, y, x], chunk);
      if (bytes) await writeValue(join(folder, String(y / chunk[1]), String(x / chunk[2])), bytes);
      written();
    }
}

/** Counts the chunks of all pyramids of a shape, and tells how many there are in all. */
function chunkCounter(shape: Shape3, { labels = {}, stage, onProgress }: WriteOmeZarrOptions): () => void {
  const total = pyramidChunks(shape, CHUNK, SMALLEST_EDGE) * (1 + Object.keys(labels).length);
  let done = 0;
  return () => {
    if (stage !== undefined) onProgress?.({ stage, done: ++done, total });
  };
}

function emptyLike({ data, voxelSizeAngstrom }: ZarrVolume, shape: Shape3): ZarrVolume {
  const Values = data.constructor as new (length: number) => ZarrVolume["data"];
  return { data: new Values(voxelCount(shape)), shape, voxelSizeAngstrom };
}
