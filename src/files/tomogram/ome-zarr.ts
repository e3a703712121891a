import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as zarr from "zarrita";
import { cutBlock } from "../../io/index.js";
import { breathe } from "../../progress.js";
import { type Shape3, type VoxelGrid, voxelCount } from "../../volume/index.js";
import { fileError, removedAfterUse } from "../disk/index.js";

/** Edge of the cubes that arrays are stored in. */
const CHUNK = 64;
/** The pyramid ends when its longest edge is no longer than this. */
const SMALLEST_EDGE = 128;

const DATA_TYPES = {
  Float32Array: "float32",
  Uint8Array: "uint8",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
} as const;

/** A volume of one of the types that go into a store. */
export interface ZarrVolume extends VoxelGrid {
  readonly data: Float32Array | Uint8Array | Uint16Array | Uint32Array;
}

/** A volume that need not be in memory whole. */
export interface ZarrSections extends VoxelGrid {
  /** Sections `from` to `to - 1`, always in the same type; asked for in rising order, each once. */
  readonly sections: (from: number, to: number) => ZarrVolume["data"];
}

export interface WriteOmeZarrOptions {
  readonly name: string;
  /** Label volumes of the same shape, by name, or their sections; never averaged. */
  readonly labels?: Readonly<Record<string, ZarrVolume["data"] | ZarrSections["sections"]>>;
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
  const temporary = `${path}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await using _ = removedAfterUse(temporary);
  try {
    const root = zarr.root(folderStore(temporary));
    const { name: title, signal } = options;
    const { shape, voxelSizeAngstrom } = volume;
    const image = "data" in volume ? sectionsOf(volume) : volume;
    await writePyramid(root, image, { name: title, signal, attributes: {}, half: halfMean });
    const labels = Object.entries(options.labels ?? {});
    if (labels.length > 0)
      await zarr.create(root.resolve("labels"), {
        attributes: { ome: { version: "0.5", labels: labels.map(([name]) => name) } },
      });
    for (const [name, data] of labels)
      await writePyramid(
        root.resolve(`labels/${name}`),
        typeof data === "function" ? { shape, voxelSizeAngstrom, sections: data } : sectionsOf({ ...volume, data }),
        {
          name,
          signal,
          attributes: { "image-label": { source: { image: "../../" } } },
          half: halfFirst,
        },
      );
    await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw fileError(path, "written", cause);
    throw cause;
  }
}

/** What zarrita writes through. */
function folderStore(folder: string) {
  return {
    async get(key: string): Promise<Uint8Array | undefined> {
      return readFile(join(folder, key)).catch(() => undefined);
    },
    async set(key: string, value: Uint8Array): Promise<void> {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, value);
    },
  };
}

type Store = ReturnType<typeof folderStore>;

interface PyramidOptions {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly half: (volume: ZarrVolume) => ZarrVolume;
}

/** A volume in memory, by sections. */
function sectionsOf({ data, shape, voxelSizeAngstrom }: ZarrVolume): ZarrSections {
  const size = shape[1] * shape[2];
  return { shape, voxelSizeAngstrom, sections: (from, to) => data.subarray(from * size, to * size) };
}

async function writePyramid(
  location: zarr.Location<Store>,
  finest: ZarrSections,
  { name, signal, attributes, half }: PyramidOptions,
): Promise<void> {
  const datasets = [];
  let level = finest;
  for (let index = 0; ; index++) {
    const isLast = Math.max(...level.shape) <= SMALLEST_EDGE;
    const next = await writeArray(location.resolve(String(index)), level, { signal, half: isLast ? undefined : half });
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
  await zarr.create(location, {
    attributes: { ome: { version: "0.5", multiscales: [{ name, axes, datasets }], ...attributes } },
  });
}

/** Writes one level, and gives the next one: of the volume, a layer of chunks and an eighth of it are in memory. */
async function writeArray(
  location: zarr.Location<Store>,
  { shape, voxelSizeAngstrom, sections }: ZarrSections,
  { signal, half }: { readonly signal: AbortSignal | undefined; readonly half: PyramidOptions["half"] | undefined },
): Promise<ZarrVolume | undefined> {
  const [nz, ny, nx] = shape;
  const chunk = shape.map((n) => Math.min(CHUNK, n)) as unknown as Shape3;
  let array: Awaited<ReturnType<typeof createArray>> | undefined;
  let next: ZarrVolume | undefined;
  for (let z = 0; z < nz; z += chunk[0]) {
    await breathe(signal);
    const depth = Math.min(chunk[0], nz - z);
    const slab = { data: sections(z, z + depth), shape: [depth, ny, nx] as const, voxelSizeAngstrom };
    array ??= await createArray(location, slab.data, { shape, chunk });
    for (let y = 0; y < ny; y += chunk[1])
      for (let x = 0; x < nx; x += chunk[2]) {
        const size = [depth, Math.min(chunk[1], ny - y), Math.min(chunk[2], nx - x)] as const;
        const part = cutBlock(slab.data, slab.shape, [0, y, x], size);
        await zarr.set(array, [zarr.slice(z, z + size[0]), zarr.slice(y, y + size[1]), zarr.slice(x, x + size[2])], {
          data: part as Float32Array,
          shape: [...size],
          stride: [size[1] * size[2], size[2], 1],
        });
      }
    if (!half) continue;
    const halved = half(slab); // layers are of even depth, but for the last
    if (next === undefined) {
      const smaller = shape.map((n) => Math.ceil(n / 2)) as unknown as Shape3;
      const allocate = halved.data.constructor as Float32ArrayConstructor;
      next = { ...halved, data: new allocate(voxelCount(smaller)) as ZarrVolume["data"], shape: smaller };
    }
    next.data.set(halved.data, (z / 2) * next.shape[1] * next.shape[2]);
  }
  return next;
}

function createArray(
  location: zarr.Location<Store>,
  data: ZarrVolume["data"],
  { shape, chunk }: { readonly shape: Shape3; readonly chunk: Shape3 },
) {
  return zarr.create(location, {
    shape: [...shape],
    chunkShape: [...chunk],
    dtype: DATA_TYPES[data[Symbol.toStringTag]],
    dimensionNames: ["z", "y", "x"],
  });
}

/** Half the resolution: the mean of each eight voxels; at an odd edge of those there are. */
export function halfMean(volume: ZarrVolume): ZarrVolume {
  return halved(volume, Float32Array, (data, indices, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += data[indices[i]!]!;
    return sum / count;
  });
}

/** Half the resolution: the first of each eight labels. */
function halfFirst(volume: ZarrVolume): ZarrVolume {
  return halved(volume, volume.data.constructor as Uint8ArrayConstructor, (labels, indices) => labels[indices[0]!]!);
}

function halved(
  { data, shape: [nz, ny, nx], voxelSizeAngstrom }: ZarrVolume,
  Values: new (length: number) => ZarrVolume["data"],
  combine: (data: ZarrVolume["data"], indices: Int32Array, count: number) => number,
): ZarrVolume {
  const shape: Shape3 = [Math.ceil(nz / 2), Math.ceil(ny / 2), Math.ceil(nx / 2)];
  const into = new Values(voxelCount(shape));
  const indices = new Int32Array(8);
  let at = 0;
  for (let z = 0; z < nz; z += 2)
    for (let y = 0; y < ny; y += 2)
      for (let x = 0; x < nx; x += 2) {
        let count = 0;
        for (let k = z; k < Math.min(z + 2, nz); k++)
          for (let j = y; j < Math.min(y + 2, ny); j++)
            for (let i = x; i < Math.min(x + 2, nx); i++) indices[count++] = (k * ny + j) * nx + i;
        into[at++] = combine(data, indices, count);
      }
  return { data: into, shape, voxelSizeAngstrom: 2 * voxelSizeAngstrom };
}
