import { FormatError } from "../../../errors.js";
import type { Volume } from "../../../volume/index.js";
import type { VolumeReader } from "../random-access.js";
import { createArrayReader } from "./array.js";
import { type AxisIndices, spatialAxes } from "./axes.js";
import { voxelSizeOf, type ZarrAxis, type ZarrDataset, zarrImage } from "./image.js";
import { openNode, type ZarrNode } from "./nodes.js";
import type { ZarrStore } from "./store.js";

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
  /** Which element of axes that are not in space, by their names; needed where they have several. */
  readonly indices?: AxisIndices | undefined;
  readonly voxelSizeAngstrom?: number | undefined;
  /**
   * Bytes of decoded chunks that are kept for the next block, and never less than one layer of chunks along z (default: none
   * are kept).
   */
  readonly keptBytes?: number;
}

/**
 * Opens an OME-Zarr image (0.1 to 0.5, Zarr 2 or 3) or a plain Zarr array: the axes named z, y and x, else the last three.
 * Source: NGFF specification 0.4 and 0.5 (ngff.openmicroscopy.org), Zarr specifications 2 and 3.
 * @throws FormatError when it is not a volume or its metadata are damaged.
 */
export async function openZarr(store: ZarrStore, options: OpenZarrOptions = {}): Promise<ZarrLevel> {
  const { name = "Zarr", level = 0, keptBytes = 0 } = options;
  const root = await openNode(store, "", name);
  const warnings: string[] = [];
  const { path, array, axes, scale, levelCount, imageCount } =
    root.kind === "array"
      ? { path: "", array: root, axes: undefined, scale: undefined, levelCount: 1, imageCount: 1 }
      : await openLevel(store, root, level, name);
  const { metadata } = array;
  const named = axes ?? metadata.dimensionNames?.map(dimension);
  const where = `${name}${path}`;
  const spatial = spatialAxes(metadata.shape, named, { indices: options.indices ?? {}, name, warnings });
  // What is odd about the stated voxel size is of no interest to whoever gives another.
  const stated = voxelSizeOf({ axes: named, scale }, spatial.axes, options.voxelSizeAngstrom ? [] : warnings);
  const shape = spatial.axes.map((axis) => (axis < 0 ? 1 : metadata.shape[axis])) as [number, number, number];
  if (imageCount > 1) warnings.push(`the first of its ${imageCount} images is read`);
  if (levelCount > 1)
    warnings.push(`level ${level} of ${levelCount} is read (${level === 0 ? "the finest" : path.slice(1)})`);
  return {
    shape,
    voxelSizeAngstrom: options.voxelSizeAngstrom ?? stated,
    statedVoxelSizeAngstrom: stated,
    type: metadata.type,
    level,
    levelCount,
    warnings,
    read: createArrayReader(store, path, metadata, spatial, { name: where, keptBytes }),
  };
}

interface OpenedLevel extends Pick<ZarrDataset, "scale"> {
  readonly path: string;
  readonly array: ZarrNode & { readonly kind: "array" };
  readonly axes: readonly ZarrAxis[] | undefined;
  readonly levelCount: number;
  readonly imageCount: number;
}

async function openLevel(
  store: ZarrStore,
  { attributes }: ZarrNode,
  level: number,
  name: string,
): Promise<OpenedLevel> {
  const { axes, datasets, imageCount } = zarrImage(attributes, name);
  const dataset = datasets[level];
  if (!dataset)
    throw new FormatError(`there is no level ${level}`, name, { hint: `Its levels are 0 to ${datasets.length - 1}.` });
  const parts = dataset.path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new FormatError(`a level lies outside of the store: ${dataset.path}`, name);
  const path = parts.map((part) => `/${part}`).join("");
  const array = await openNode(store, path, name);
  if (array.kind === "group") throw new FormatError("a level that is a group, not an array", `${name}${path}`);
  return { path, array, axes, scale: dataset.scale, levelCount: datasets.length, imageCount };
}

function dimension(name: unknown): ZarrAxis {
  return { name: typeof name === "string" ? name : undefined, type: undefined, unit: undefined };
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
