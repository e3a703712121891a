/** The paper's Figures 3 and 4: what the networks make of the first particle of each test class. */
import { gaussianFilterInPlace, surfaceMesh, type Volume } from "../volume/index.js";
import { boundingView } from "./box-view.js";
import { maskOutline, OUTLINE_UNITS } from "./mask-outline.js";
import { type Colour, cssColour, lighten } from "./palette.js";
import type { GridCell, GridRow, PictureGrid } from "./picture-grid.js";
import { pngDataUri } from "./png.js";
import type { ExamplePicture } from "./reproduction-data.js";
import { centralSlice, contrastRange, slicePicture } from "./slice-picture.js";
import { surfacePicture } from "./surface-picture.js";

/** A network whose masks are shown, with its colour. */
export interface FigureNetwork {
  readonly key: string;
  readonly name: string;
  readonly colour: Colour;
}

const TRUTH_COLOUR: Colour = [150, 158, 170];
const SURFACE_PIXELS = 160;
/** Masks are blurred by this before they are contoured, so that surfaces do not follow the voxel edges. */
const BLUR_VOXELS = 0.7;

/** Figure 3: rows of classes; input, truth and networks side by side, as surfaces and below as slices with outlines. */
export function figure3(examples: readonly ExamplePicture[], networks: readonly FigureNetwork[]): PictureGrid {
  const shown = examples.slice(0, 3);
  const surfaces = shown.map(
    (example): GridRow => ({
      label: example.name,
      cells: [slice(example), surface(example), ...networks.map((network) => surface(example, network))],
    }),
  );
  const slices = shown.map(
    (example): GridRow => ({
      label: example.name,
      cells: [undefined, slice(example, true), ...networks.map((network) => slice(example, true, network))],
    }),
  );
  return {
    title: "Segmentation of three unseen classes",
    columns: ["subtomogram", "truth", ...networks.map(({ name }) => name)],
    rows: [...surfaces, ...slices],
    cell: 124,
  };
}

/** Figure 4: columns of classes; input, truth and networks below each other, then the same as slices with outlines. */
export function figure4(examples: readonly ExamplePicture[], networks: readonly FigureNetwork[]): PictureGrid {
  const rowOf = (label: string, cellOf: (example: ExamplePicture) => GridCell | undefined): GridRow => ({
    label,
    cells: examples.map(cellOf),
  });
  return {
    title: "Segmentation of all unseen classes",
    columns: examples.map(({ name }) => name),
    rows: [
      rowOf("subtomogram", (example) => slice(example)),
      rowOf("truth", (example) => surface(example)),
      ...networks.map((network) => rowOf(network.name, (example) => surface(example, network))),
      rowOf("truth", (example) => slice(example, true)),
      ...networks.map((network) => rowOf(network.name, (example) => slice(example, true, network))),
    ],
    cell: 104,
  };
}

/** The true shape, or a network's, from the same side and at the same scale. */
function surface(example: ExamplePicture, network?: FigureNetwork): GridCell | undefined {
  const shown = network === undefined ? { mask: example.truth, dice: undefined } : example.masks.get(network.key);
  if (!shown) return undefined;
  const { shape } = example.volume;
  const note = shown.dice === undefined ? undefined : `Dice ${shown.dice.toFixed(2)}`;
  const mesh = surfaceMesh(smooth(shown.mask, example.volume), shape, 0.5);
  if (mesh.triangles.length === 0) return { content: "", ...(note && { note: `${note}, empty` }) };
  const truth = surfaceMesh(smooth(example.truth, example.volume), shape, 0.5);
  const { centre, extent } = boundingView(truth.positions, Math.min(...shape) * 0.4);
  const picture = surfacePicture(mesh, network?.colour ?? TRUTH_COLOUR, {
    size: SURFACE_PIXELS,
    centre,
    extent: 1.15 * extent,
  });
  return { content: image(pngDataUri(picture)), ...(note && { note }) };
}

/** The central xy slice; outlined, the truth is white and the network's shape in its colour. */
function slice(example: ExamplePicture, outlined = false, network?: FigureNetwork): GridCell | undefined {
  const own = network && example.masks.get(network.key);
  if (network && !own) return undefined;
  const { data, shape } = example.volume;
  const plane = centralSlice(data, shape, "z");
  const picture = image(pngDataUri(slicePicture(plane, contrastRange(data))));
  if (!outlined) return { content: picture };
  const scale = 100 / (plane.width * OUTLINE_UNITS);
  const outline = (mask: Float32Array, colour: string, width: number) =>
    `<path transform="scale(${scale})" d="${maskOutline(centralSlice(smooth(mask, example.volume), shape, "z"))}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
  const truth = outline(example.truth, "#fff", own ? 4 : 6);
  return { content: picture + truth + (own ? outline(own.mask, cssColour(lighten(network.colour, 0.2)), 7) : "") };
}

function image(source: string): string {
  return `<image href="${source}" width="100" height="100"/>`;
}

function smooth(mask: Float32Array, { shape }: Volume): Float32Array {
  const blurred = mask.slice();
  gaussianFilterInPlace(blurred, shape, BLUR_VOXELS);
  return blurred;
}
