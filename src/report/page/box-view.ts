import { centreIndex, gaussianFilterInPlace, surfaceMesh, type Volume } from "../../volume/index.js";
import { type Colour, cssColour, lighten } from "../chart/palette.js";
import { maskOutline, OUTLINE_UNITS } from "../picture/mask-outline.js";
import { pngDataUri } from "../picture/png.js";
import { centralSlice, contrastRange, type Plane, type SliceAxis, slicePicture } from "../picture/slice.js";
import { barNanometre } from "../picture/slice-frame.js";
import { surfacePicture } from "../picture/surface.js";
import type { ReportBox } from "./data.js";
import { html, type Markup, trusted } from "./markup.js";

/** Masks of 0 and 1 are blurred by this before they are contoured, so that contours do not follow the voxel edges. */
const MASK_BLUR_VOXELS = 0.9;

/** What the slices of boxes like this one show; the scale bar is as long as a round length of at most two fifths of the edge. */
export function boxNote(volume: Volume | undefined): string {
  if (!volume) return "";
  const { shape, voxelSizeAngstrom } = volume;
  const [edge] = shape;
  return `Central sections (${centreIndex(edge) + 1} of ${edge}) of boxes of ${shape.join(" × ")} voxels of ${Number(voxelSizeAngstrom.toPrecision(3))} Å, first axis to the right and second down; scale bars of ${barOf(volume)} nm; rescaled and normalised, protein bright whatever it is in the files, not filtered.`;
}

/** The same bar for all slices of a box. */
function barOf({ shape: [nz, ny, nx], voxelSizeAngstrom }: Volume): number {
  return barNanometre({ plane: { width: 2 * Math.min(nz, ny, nx), height: 0 }, pixelAngstrom: voxelSizeAngstrom });
}

/** A bar at the lower right of a slice, in its own pixels. */
function scaleBar({ width, height }: Plane, volume: Volume): Markup {
  const bar = (10 * barOf(volume)) / volume.voxelSizeAngstrom;
  const [right, bottom] = [width * 0.95, height * 0.94].map((at) => at.toFixed(2));
  const path = `M${right} ${bottom}h${(-bar).toFixed(2)}`;
  return trusted(
    `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true"><path class="bar-back" d="${path}"/><path class="bar" d="${path}"/></svg>`,
  );
}

/** The box's central slices across z, y and x with a scale bar, and the contour of the mask in the class colour on top. */
export function sliceViews(box: ReportBox, colour: Colour): Markup[] {
  const { data, shape } = box.volume;
  const range = contrastRange(data);
  const mask = smoothMask(box);
  const stroke = cssColour(lighten(colour, 0.25));
  return (["z", "y", "x"] as const).map((axis) => {
    const plane = centralSlice(data, shape, axis);
    const source = pngDataUri(slicePicture(plane, range));
    const outline = mask ? maskOutline(centralSlice(mask, shape, axis)) : "";
    const overlay = outline
      ? trusted(
          `<svg viewBox="0 0 ${plane.width * OUTLINE_UNITS} ${plane.height * OUTLINE_UNITS}" aria-hidden="true"><path class="outline-back" d="${outline}"/><path class="outline" stroke="${stroke}" d="${outline}"/></svg>`,
        )
      : undefined;
    return html`<span class="slice"><img src="${source}" alt="${SLICE_NAMES[axis]} slice">${overlay}${scaleBar(plane, box.volume)}<span>${SLICE_NAMES[axis]}</span></span>`;
  });
}

const SLICE_NAMES: Readonly<Record<SliceAxis, string>> = { z: "xy", y: "xz", x: "yz" };

/** A shaded picture of the surface of the mask; undefined when it is empty. All boxes are seen from the same side. */
export function maskSurface(box: ReportBox, colour: Colour): Markup | undefined {
  const data = smoothMask(box);
  return data && surfaceView({ ...box.volume, data }, 0.5, colour, { size: 120, alternative: "mask in 3D" });
}

/** A shaded picture of the surface of a volume at `level`. */
export function surfaceView(
  { data, shape }: Volume,
  level: number,
  colour: Colour,
  { size, alternative }: { size: number; alternative: string },
): Markup | undefined {
  const mesh = surfaceMesh(data, shape, level);
  if (mesh.triangles.length === 0) return undefined;
  const { centre, extent } = boundingView(mesh.positions, Math.min(...shape) * 0.4);
  const picture = surfacePicture(mesh, colour, { size, centre, extent });
  return html`<img class="surface" src="${pngDataUri(picture)}" alt="${alternative}">`;
}

/** The middle of the points and the diameter of a sphere around them, with a little air, at least `least`. */
export function boundingView(positions: Float32Array, least: number) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    low[i % 3] = Math.min(low[i % 3], positions[i]);
    high[i % 3] = Math.max(high[i % 3], positions[i]);
  }
  const [x, y, z] = low.map((value, axis) => (value + high[axis]) / 2);
  let radius = 0;
  for (let i = 0; i < positions.length; i += 3)
    radius = Math.max(radius, Math.hypot(positions[i] - x!, positions[i + 1] - y!, positions[i + 2] - z!));
  return { centre: { x: x!, y: y!, z: z! }, extent: Math.max(least, 2.06 * radius) };
}

function smoothMask({ mask, volume }: ReportBox): Float32Array | undefined {
  if (!mask) return undefined;
  const smooth = Float32Array.from(mask);
  gaussianFilterInPlace(smooth, volume.shape, MASK_BLUR_VOXELS);
  return smooth;
}
