// OME-Zarr, NumPy, HDF5, TIFF; and whatever ITK reads.
import { createRequire } from "node:module";
import { bufferOf } from "./files.mjs";

const require = createRequire(import.meta.url);

/** A spacing of 1 is ITK's word for none. */
export async function itk(path) {
  const { readImageNode } = await import("@itk-wasm/image-io");
  const { size, data, spacing, origin } = await readImageNode(path);
  const values = [...data].map(Number);
  return {
    shape: [...size].reverse(),
    values,
    voxelSizeAngstrom: spacing[0] === 1 ? undefined : spacing[0],
    originAngstrom: [...origin],
  };
}

export async function zarrita(path) {
  const zarr = await import("zarrita");
  const { FileSystemStore } = await import("@zarrita/storage");
  const group = await zarr.open(zarr.root(new FileSystemStore(path)), { kind: "group" });
  const { multiscales } = group.attrs.ome;
  const array = await zarr.open(group.resolve(multiscales[0].datasets[0].path), { kind: "array" });
  const { data, shape } = await zarr.get(array);
  return {
    shape,
    values: [...data],
    voxelSizeAngstrom: multiscales[0].datasets[0].coordinateTransformations[0].scale[2],
  };
}

export async function omeZarr(path) {
  const { getMultiscaleWithArray } = await import("ome-zarr.js");
  // Arrays can be read by the zarrita that made them alone: ome-zarr.js has an earlier one of its own.
  const zarr = await import("../node_modules/ome-zarr.js/node_modules/zarrita/dist/src/index.js");
  const { FileSystemStore } = await import("@zarrita/storage");
  const { arr, multiscale } = await getMultiscaleWithArray(new FileSystemStore(path), 0);
  const { data, shape } = await zarr.get(arr);
  return { shape, values: [...data], voxelSizeAngstrom: multiscale.datasets[0].coordinateTransformations[0].scale[2] };
}

export function npyjs(path) {
  const { data, shape } = require("npyjs").parse(bufferOf(path));
  return { shape, values: [...data] };
}

export function jsfive(path) {
  const { File } = require("jsfive");
  const image = new File(bufferOf(path), "map").get("MDF/images/0/image");
  const attributes = new File(bufferOf(path), "map").get("MDF/images/0").attrs;
  return { shape: image.shape, values: [...image.value], voxelSizeAngstrom: attributes["EMAN.apix_x"] };
}

export async function geotiff(path) {
  const { fromArrayBuffer } = await import("geotiff");
  const file = await fromArrayBuffer(bufferOf(path));
  const count = await file.getImageCount();
  const images = await Promise.all(Array.from({ length: count }, (_, i) => file.getImage(i)));
  const sections = await Promise.all(images.map((image) => image.readRasters({ interleave: true })));
  return { shape: [count, images[0].getHeight(), images[0].getWidth()], values: sections.flatMap((data) => [...data]) };
}

export function utif(path) {
  const UTIF = require("utif");
  const buffer = bufferOf(path);
  const images = UTIF.decode(buffer);
  const values = images.flatMap((image) => {
    UTIF.decodeImage(buffer, image);
    const { buffer: data, byteOffset, byteLength } = image.data;
    return [...new Float32Array(data.slice(byteOffset, byteOffset + byteLength))];
  });
  return { shape: [images.length, images[0].height, images[0].width], values };
}
