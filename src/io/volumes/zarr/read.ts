import type * as Zarr from "zarrita";
import { FormatError } from "../../../errors.js";
import { type Shape3, type Volume, voxelCount } from "../../../volume/index.js";
import type { VolumeReader } from "../random-access.js";

/** The files of a Zarr store by their path from its root, with a leading slash. */
export interface ZarrStore {
  /** The bytes of a key; undefined where there are none. */
  get(key: `/${string}`): Promise<Uint8Array | undefined>;
}

/** One resolution of a volume. */
export interface ZarrLevel extends VolumeReader {
  readonly type: string;
  /** Which of the levels this is, from 0, the finest. */
  readonly level: number;
  readonly levelCount: number;
}

/** Which resolution of a Zarr image, and its voxel size. */
export interface OpenZarrOptions {
  readonly name?: string;
  /** Which resolution, from 0, the finest (default). */
  readonly level?: number | undefined;
  readonly voxelSizeAngstrom?: number | undefined;
}

/** What may be read at once: a header can claim any size. */
const MOST_VOXELS = 2 ** 29;

const ANGSTROM_IN: Readonly<Record<string, number>> = {
  angstrom: 1,
  nanometer: 10,
  micrometer: 1e4,
  millimeter: 1e7,
  picometer: 0.01,
};

/**
 * Opens an OME-Zarr image (0.4 or 0.5, Zarr 2 or 3) or a plain Zarr array of three dimensions, z, y, x.
 * Source: NGFF specification 0.4 and 0.5 (ngff.openmicroscopy.org).
 * @throws FormatError when it is not a volume or its metadata are damaged.
 */
export async function openZarr(store: ZarrStore, options: OpenZarrOptions = {}): Promise<ZarrLevel> {
  const { name = "Zarr", level = 0 } = options;
  const zarr = await import("zarrita");
  const node = await opened(() => zarr.open(zarr.root(store)), name);
  const warnings: string[] = [];
  let array: Zarr.Array<Zarr.DataType, ZarrStore>;
  let levelCount = 1;
  let stated: number | undefined;
  if (node.kind === "array") {
    array = node;
  } else {
    const image = multiscale(node.attrs, name);
    levelCount = image.datasets.length;
    const dataset = image.datasets[level];
    if (!dataset)
      throw new FormatError(`there is no level ${level}`, name, { hint: `Its levels are 0 to ${levelCount - 1}.` });
    if (dataset.path.split("/").includes(".."))
      throw new FormatError(`a level lies outside of the store: ${dataset.path}`, name);
    array = await opened(() => zarr.open(node.resolve(dataset.path), { kind: "array" }), `${name}/${dataset.path}`);
    stated = voxelSizeOf(image, dataset, warnings);
  }
  const extra = array.shape.slice(0, -3);
  if (array.shape.length < 3 || extra.some((n) => n !== 1) || array.shape.some((n) => !(n > 0)))
    throw new FormatError(`an array of ${array.shape.join(" x ")} is not a volume`, name);
  const shape = array.shape.slice(-3) as unknown as Shape3;
  const voxelSizeAngstrom = options.voxelSizeAngstrom ?? stated;
  if (voxelSizeAngstrom === undefined) warnings.push("the store states no voxel size in units of length");
  return {
    shape,
    voxelSizeAngstrom,
    type: array.dtype,
    level,
    levelCount,
    warnings,
    async read(first, size) {
      if (voxelCount(size) > MOST_VOXELS)
        throw new FormatError(
          `${size[2]} x ${size[1]} x ${size[0]} voxels are more than the ${MOST_VOXELS} that can be read at once`,
          name,
          { hint: "Read a coarser level." },
        );
      const ranges = [...extra.map(() => 0), ...first.map((from, axis) => zarr.slice(from, from + size[axis]))];
      const chunk = await opened(() => zarr.get(array, ranges), name);
      const { data } = chunk as { data: ArrayLike<number | bigint | boolean> };
      return data instanceof Float32Array ? data : Float32Array.from(data, Number);
    },
  };
}

/** A whole level as a volume. @throws FormatError */
export async function readZarr(
  store: ZarrStore,
  options: OpenZarrOptions = {},
): Promise<ZarrLevel & { readonly volume: Volume }> {
  const level = await openZarr(store, options);
  const data = await level.read([0, 0, 0], level.shape);
  return { ...level, volume: { data, shape: level.shape, voxelSizeAngstrom: level.voxelSizeAngstrom ?? Number.NaN } };
}

/** Failures of the library are damage in the store. */
async function opened<T>(work: () => Promise<T>, name: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Error && "tag" in cause) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`not a readable Zarr store: ${reason}`, name, {
      cause,
      hint: "Give the folder that holds zarr.json, .zgroup or .zarray.",
    });
  }
}

/** What scales voxel indices: a level, or all levels of an image. */
interface Transformed {
  readonly coordinateTransformations?: readonly { readonly type?: unknown; readonly scale?: unknown }[];
}

interface Multiscale extends Transformed {
  readonly axes: readonly { readonly unit?: unknown }[];
  readonly datasets: readonly (Transformed & { readonly path: string })[];
}

/** The first multiscale image of a group: in `ome` since 0.5, at the top before. */
function multiscale(attributes: Readonly<Record<string, unknown>>, name: string): Multiscale {
  const ome = attributes.ome as Readonly<Record<string, unknown>> | undefined;
  const list = (ome?.multiscales ?? attributes.multiscales) as unknown;
  const first = (Array.isArray(list) ? list[0] : undefined) as Partial<Multiscale> | undefined;
  if (!Array.isArray(first?.datasets) || !first.datasets.every((dataset) => typeof dataset?.path === "string"))
    throw new FormatError("the group does not say where its images are (multiscales)", name, {
      hint: "Give the folder of one image, not of a collection.",
    });
  return { ...first, datasets: first.datasets, axes: Array.isArray(first.axes) ? first.axes : [] };
}

/** In Angstrom along x; undefined when the unit is not one of length. */
function voxelSizeOf(image: Multiscale, dataset: Transformed, warnings: string[]): number | undefined {
  const scales = [image, dataset].map(({ coordinateTransformations: list }) => {
    const scale = Array.isArray(list)
      ? list.find((transformation) => transformation?.type === "scale")?.scale
      : undefined;
    return Array.isArray(scale) && scale.length >= 3 ? (scale.slice(-3) as unknown[]) : [1, 1, 1];
  });
  const [z, y, x] = [0, 1, 2].map((axis) => Number(scales[0][axis]) * Number(scales[1][axis]));
  const unit = image.axes.at(-1)?.unit;
  const factor = typeof unit === "string" ? ANGSTROM_IN[unit.toLowerCase()] : undefined;
  if (factor === undefined || !(x > 0 && Number.isFinite(x))) return undefined;
  if (Math.abs(y / x - 1) > 1e-3 || Math.abs(z / x - 1) > 1e-3)
    warnings.push("voxels are not cubic; the x size is used");
  return Number((x * factor).toPrecision(12));
}
