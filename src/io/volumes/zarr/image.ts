/** What the metadata of an OME-Zarr image say of its levels, axes and voxels. Source: NGFF 0.1 to 0.5 (ngff.openmicroscopy.org). */
import { FormatError } from "../../../errors.js";
import { angstromPerUnit } from "../units.js";
import { type JsonObject, listOf, property, shown } from "./json.js";

/** An axis of an array, as far as it is stated. */
export interface ZarrAxis {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly unit: string | undefined;
}

/** One resolution of an image. */
export interface ZarrDataset {
  readonly path: string;
  /** Edges of voxels along all axes, in the axes' units; undefined where nothing usable is stated. */
  readonly scale: readonly number[] | undefined;
}

/** An image of one or several resolutions, the finest first. */
export interface ZarrImage {
  readonly axes: readonly ZarrAxis[] | undefined;
  readonly datasets: readonly ZarrDataset[];
  /** How many images the group holds, of which this is the first. */
  readonly imageCount: number;
}

/** The first multiscale image of a group: in `ome` since 0.5, at the top before. @throws FormatError where there is none. */
export function zarrImage(attributes: JsonObject, name: string): ZarrImage {
  const ome = property(attributes, "ome");
  const images = listOf(property(ome, "multiscales") ?? property(attributes, "multiscales"));
  const [image] = images;
  const datasets = listOf(property(image, "datasets"));
  const paths = datasets.map((dataset) => property(dataset, "path"));
  if (paths.length === 0 || !paths.every((path) => typeof path === "string")) throw noImage(attributes, ome, name);
  const axes = property(image, "axes");
  return {
    axes: Array.isArray(axes) ? axes.map(axisOf) : undefined,
    imageCount: images.length,
    datasets: datasets.map((dataset, level) => ({ path: paths[level] as string, scale: scaleOf(image, dataset) })),
  };
}

function noImage(attributes: JsonObject, ome: unknown, name: string): FormatError {
  const labels = listOf(property(ome, "labels") ?? property(attributes, "labels"));
  const layout = property(ome, "bioformats2raw.layout") ?? property(attributes, "bioformats2raw.layout");
  const hint =
    labels.length > 0
      ? `It is a collection of labels; give one of them, e.g. ${name}/${String(labels[0]).slice(0, 60)}.`
      : layout !== undefined
        ? `It is a collection of images; give one of them, e.g. ${name}/0.`
        : "Give the folder of one image or array, not of a collection.";
  return new FormatError("the group does not say where its images are (multiscales)", name, { hint });
}

/** Names alone up to 0.3, objects since. */
function axisOf(axis: unknown): ZarrAxis {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  if (typeof axis === "string") return { name: axis, type: undefined, unit: undefined };
  return { name: text(property(axis, "name")), type: text(property(axis, "type")), unit: text(property(axis, "unit")) };
}

/** The scale of the level times that of all levels. */
function scaleOf(image: unknown, dataset: unknown): readonly number[] | undefined {
  const [all, one] = [image, dataset].map(scaleTransformation);
  if (one === undefined || all === undefined) return one ?? all;
  return one.length === all.length ? one.map((scale, axis) => scale * all[axis]) : undefined;
}

function scaleTransformation(holder: unknown): readonly number[] | undefined {
  const list = listOf(property(holder, "coordinateTransformations"));
  const scale = property(
    list.find((transformation) => property(transformation, "type") === "scale"),
    "scale",
  );
  return Array.isArray(scale) && scale.every((n) => typeof n === "number") ? scale : undefined;
}

/**
 * The voxel size in Å, each axis in its own unit; undefined, with a warning, where it is not stated for x.
 * @param spatial the axes that are z, y and x, -1 for one that the array lacks.
 */
export function voxelSizeOf(
  { axes, scale }: Pick<ZarrImage, "axes"> & Pick<ZarrDataset, "scale">,
  spatial: readonly number[],
  warnings: string[],
): number | undefined {
  const unknown = new Set<string>();
  const [z, y, x] = spatial.map((axis) => {
    const { name, unit } = axes?.[axis] ?? {};
    const factor = unit === undefined ? undefined : angstromPerUnit(unit);
    if (unit !== undefined && factor === undefined) unknown.add(`${name ?? axis} in ${shown(unit)}`);
    return factor === undefined ? Number.NaN : Number((factor * (scale?.[axis] ?? Number.NaN)).toPrecision(12));
  });
  if (unknown.size > 0) warnings.push(`no unit of length that is known: ${[...unknown].slice(0, 3).join(", ")}`);
  if (!(x > 0 && Number.isFinite(x))) {
    warnings.push("the store states no voxel size in units of length");
    return undefined;
  }
  const others = [y, z].filter((_, i) => spatial[1 - i] >= 0);
  if (others.some((edge) => !(Math.abs(edge / x - 1) <= 1e-3)))
    warnings.push(`voxels are not cubic (${[x, y, z].map(length).join(" x ")} Å); x is used`);
  return x;
}

function length(edge: number): string {
  return Number.isFinite(edge) ? String(Number(edge.toPrecision(6))) : "?";
}
