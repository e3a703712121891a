/** The paper's Figures 3 and 4: the networks' masks of the first particle of each test class. */
import {
  boundingView,
  type Colour,
  centralSlice,
  contrastRange,
  cssColour,
  type GridCell,
  type GridRow,
  lighten,
  maskOutline,
  OUTLINE_UNITS,
  type PictureGrid,
  pngDataUri,
  slicePicture,
  surfacePicture,
} from "../../../report/index.js";
import { gaussianFilterInPlace, surfaceMesh, type Volume } from "../../../volume/index.js";
import type { ExamplePicture } from "../examples.js";

/** A network whose masks are shown, with its colour. */
export interface FigureNetwork {
  readonly key: string;
  readonly name: string;
  readonly colour: Colour;
}

const TRUTH_COLOUR: Colour = [150, 158, 170];
const SURFACE_PIXELS = 160;
/** The true shape takes up at least this fraction of a cell, however far a mask spreads. */
const SMALLEST_TRUTH = 0.62;
/** Masks are blurred by this before they are contoured, so that surfaces do not follow the voxel edges. */
const BLUR_VOXELS = 0.7;

/** Figure 3: rows of classes; input, truth and networks side by side, as surfaces and below as slices with contours. */
export function figure3(examples: readonly ExamplePicture[], networks: readonly FigureNetwork[]): PictureGrid {
  const shown = examples.slice(0, 3);
  const shapes = shown.map(
    (example): GridRow => ({
      label: example.name,
      cells: [slice(example), ...surfaces(example, networks)],
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
    rows: [...shapes, ...slices],
    cell: 124,
  };
}

/** Figure 4: columns of classes; input, truth and networks below each other, then the same as slices with contours. */
export function figure4(examples: readonly ExamplePicture[], networks: readonly FigureNetwork[]): PictureGrid {
  const shapes = examples.map((example) => surfaces(example, networks));
  const shapeRow = (label: string, index: number): GridRow => ({ label, cells: shapes.map((cells) => cells[index]) });
  const rowOf = (label: string, cellOf: (example: ExamplePicture) => GridCell | undefined): GridRow => ({
    label,
    cells: examples.map(cellOf),
  });
  return {
    title: "Segmentation of all unseen classes",
    columns: examples.map(({ name }) => name),
    rows: [
      rowOf("subtomogram", (example) => slice(example)),
      shapeRow("truth", 0),
      ...networks.map(({ name }, index) => shapeRow(name, index + 1)),
      rowOf("truth", (example) => slice(example, true)),
      ...networks.map((network) => rowOf(network.name, (example) => slice(example, true, network))),
    ],
    cell: 104,
  };
}

/** The true shape, then every network's, all from the same side and at the same scale. */
function surfaces(example: ExamplePicture, networks: readonly FigureNetwork[]): (GridCell | undefined)[] {
  const { shape } = example.volume;
  const meshOf = (mask: Float32Array) => surfaceMesh(smooth(mask, example.volume), shape, 0.5);
  const truth = { mesh: meshOf(example.truth), colour: TRUTH_COLOUR, dice: undefined };
  const shown = [
    truth,
    ...networks.map(({ key, colour }) => {
      const own = example.masks.get(key);
      return own && { mesh: meshOf(own.mask), colour, dice: own.dice };
    }),
  ];
  const least = Math.min(...shape) * 0.4;
  const all = boundingView(Float32Array.from(shown.flatMap((entry) => [...(entry?.mesh.positions ?? [])])), least);
  const { extent: own } = boundingView(truth.mesh.positions, least);
  const view = { size: SURFACE_PIXELS, centre: all.centre, extent: Math.min(1.04 * all.extent, own / SMALLEST_TRUTH) };
  return shown.map((entry): GridCell | undefined => {
    if (!entry) return undefined;
    const { mesh, colour, dice } = entry;
    const note = dice === undefined ? undefined : `Dice ${dice.toFixed(2)}`;
    if (mesh.triangles.length === 0) return { content: "", ...(note && { note: `${note}, empty` }) };
    return { content: image(pngDataUri(surfacePicture(mesh, colour, view))), ...(note && { note }) };
  });
}

/** The central xy slice; `outlined`: with the contour of the true mask in white and of the network's in its colour. */
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
