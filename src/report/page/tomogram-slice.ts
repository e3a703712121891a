/** Slices of tomograms, the same in every report: what they show, and axes and a scale bar on top. */
import { type Picture, pngDataUri } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";
import { type FramedSlice, sliceFrame } from "../picture/slice-frame.js";
import { html, type Markup, trusted } from "./markup.js";

/** A slice of a tomogram, with what a reader needs to find it again in a viewer. */
export interface TomogramSlice extends FramedSlice {
  readonly plane: Plane;
  /** Axes of the tomogram to the right, downwards and in depth. */
  readonly axes: readonly [right: string, down: string, deep: string];
  /** Section of the file across the third axis, the first is 1, and how many there are. */
  readonly section: number;
  readonly sections: number;
  readonly fileVoxelSizeAngstrom: number;
  /** Depth over which sections are averaged. */
  readonly thicknessAngstrom: number;
  /** Grey values have the opposite sign of the file's. */
  readonly isInverted: boolean;
}

/** Viewers differ: 3dmod counts sections from 1; napari, and positions in voxels in lists, from 0. */
export const SECTION_COUNT =
  "Sections are counted from 1, as 3dmod does; positions in voxels are counted from 0, as napari and particle lists do.";

/** "Section 51 of 100 across z, 50 nm deep". */
export function sliceTitle({ section, sections, axes, fileVoxelSizeAngstrom }: TomogramSlice): string {
  const depth = (((section - 1) * fileVoxelSizeAngstrom) / 10).toFixed(0);
  return `Section ${section} of ${sections} across ${axes[2]}, ${depth} nm deep`;
}

/** What was done to the voxels before they were drawn. */
export function sliceTreatment({
  pixelAngstrom,
  fileVoxelSizeAngstrom,
  thicknessAngstrom,
  isInverted,
}: Omit<TomogramSlice, "plane">): string {
  const isMean = thicknessAngstrom > 1.5 * fileVoxelSizeAngstrom;
  const depth = isMean ? `Mean over ${(thicknessAngstrom / 10).toFixed(0)} nm of depth` : "A single section";
  const isResampled = Math.abs(pixelAngstrom / fileVoxelSizeAngstrom - 1) > 0.02;
  const pixels = isResampled ? `, pixels of ${Number(pixelAngstrom.toPrecision(3))} Å` : "";
  return `${depth}${pixels}, not filtered; ${isInverted ? "inverted: protein is dark in the file" : "grey values as in the file"}.`;
}

/** A few outliers, gold above all, would take the greys from everything else. */
const GREY_PERCENTILES = { lowPercent: 0.5, highPercent: 99.8 };

/** A plane in grey, with pixels doubled where it is small. */
function greySlice(plane: Plane): Picture {
  const scale = Math.max(1, Math.min(4, Math.floor(720 / plane.width)));
  return slicePicture(plane, contrastRange(plane.data, GREY_PERCENTILES), { scale });
}

/**
 * The slice as wide as its panel, under its axes and scale bar.
 * @param shapes SVG elements in pixels of the plane
 * @param picture what is drawn instead of the plane in grey
 */
export function sliceImage(
  slice: FramedSlice & { readonly plane: Plane },
  alternative: string,
  { shapes = "", picture = greySlice(slice.plane) }: { readonly shapes?: string; readonly picture?: Picture } = {},
): Markup {
  const { width, height } = slice.plane;
  const overlay = `<svg viewBox="0 0 ${width} ${height}" fill="none" style="position:absolute;inset:0;width:100%;height:100%" aria-hidden="true">${shapes}${sliceFrame(slice)}</svg>`;
  return html`<div style="position:relative;line-height:0;border-radius:6px;overflow:hidden"><img src="${pngDataUri(picture)}" alt="${alternative}" style="width:100%;height:auto;display:block">${trusted(overlay)}</div>`;
}
