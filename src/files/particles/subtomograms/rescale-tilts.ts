import type { TiltImages } from "../../../infer/index.js";
import { createVolume, rescaleFourier } from "../../../volume/index.js";
import { isSameSize } from "./placed-boxes.js";

/** Tilt images on a grid of another edge and pixel size, about the same centre. */
export function rescaleTilts(
  tilts: TiltImages,
  {
    edge: wantedEdge,
    voxelSizeAngstrom,
  }: { readonly edge?: number | undefined; readonly voxelSizeAngstrom?: number | undefined },
): TiltImages {
  const { edge: own, pixelSizeAngstrom: ownSize } = tilts;
  const pixelSizeAngstrom = voxelSizeAngstrom ?? ownSize;
  const edge = wantedEdge ?? Math.round((own * ownSize) / pixelSizeAngstrom);
  if (edge === own && isSameSize(pixelSizeAngstrom, ownSize)) return tilts;
  const rescaled = (pixels: Float32Array) =>
    rescaleFourier(createVolume([1, own, own], ownSize, pixels), {
      voxelSizeAngstrom: pixelSizeAngstrom,
      shape: [1, edge, edge],
    }).data;
  const images = tilts.images.map((image) => ({ ...image, pixels: rescaled(image.pixels) }));
  return { ...tilts, edge, pixelSizeAngstrom, images };
}
