/** What `cosnet info` says of the descriptions of tilt series: SerialEM's mdoc and PyTom's projection lists. */
import { countText } from "../../count-text.js";
import { looksLikeMdoc, readMdoc, readPytomProjections } from "../../io/index.js";
import type { Details } from "./description.js";

export function isTiltSeries(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 1 << 16));
  return looksLikeMdoc(text) || /^\s*(<\?[^>]*>\s*)?<ProjectionList[\s>]/.test(text);
}

/** @throws FormatError when it is damaged. */
export function describeTilts(bytes: Uint8Array, path: string): Details {
  const text = new TextDecoder().decode(bytes);
  if (!looksLikeMdoc(text)) {
    const projections = readPytomProjections(text, { name: path }) ?? [];
    const tilts = projections.map(({ tiltDegrees }) => tiltDegrees);
    return { fields: tiltFields("PyTom projection list", tilts), warnings: [] };
  }
  const { imageFile, imageSize, pixelSpacingAngstrom, kilovolt, images, tiltDegrees } = readMdoc(text, { name: path });
  const missing = images.length - tiltDegrees.length;
  return {
    fields: {
      ...tiltFields("SerialEM mdoc", tiltDegrees),
      images: imageFile,
      imageSize: imageSize?.join(" x "),
      pixelSizeAngstrom: pixelSpacingAngstrom,
      kilovolt,
    },
    warnings:
      missing > 0
        ? [`${missing} of ${countText(images.length, "image")} ${missing === 1 ? "has" : "have"} no tilt`]
        : [],
  };
}

function tiltFields(format: string, tilts: readonly number[]) {
  const sorted = [...tilts].sort((a, b) => a - b);
  return {
    format,
    tiltImages: tilts.length,
    tiltDegrees: tilts.length > 0 ? `${sorted[0]} to ${sorted.at(-1)}` : undefined,
  };
}
