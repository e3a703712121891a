/** Slices of a tomogram for the page of `pick`, seen along the beam, with circles where candidates are cut. */

import { type GreyScale, openTomogramGrid, type TomogramGrid } from "../../../files/tomogram/index.js";
import { breathe, type Progress } from "../../../progress.js";
import type { PickSlice, Plane } from "../../../report/index.js";
import type { Shape3, Vector3 } from "../../../volume/index.js";
import type { PickedCandidate, PickedTomogram } from "../picked-tomogram.js";

/** Depths of the slices that are shown, as fractions of the tomogram's. */
const SLICE_DEPTHS = [0.3, 0.5, 0.7];
/** Thinner tomograms have one slice. */
const THIN_VOXELS = 24;
/** Sections averaged into one slice to both sides: with 5 of 10 Å a molecule stands out. */
const SLICE_REACH = 2;
const LARGEST_PICTURE = 720;
/** Searched voxels that are this many times larger than the file's are too coarse to look at. */
const COARSE = 2;
/** Voxels from here on are coarse because particles are large; smaller ones are the networks' own. */
const COARSE_ANGSTROM = 20;

type Axis = keyof Vector3;

/** To the right, downwards and in depth; of two axes the one that varies faster in the file goes to the right. */
const VIEWS = {
  z: ["x", "y", "z"],
  y: ["x", "z", "y"],
  x: ["y", "z", "x"],
} as const satisfies Record<Axis, readonly [Axis, Axis, Axis]>;

/** A slice, and where it lies, so that other candidates can be drawn in it. */
export interface DrawnSlice extends PickSlice {
  readonly axes: readonly [right: Axis, down: Axis, deep: Axis];
  /** Of its middle, from the centre of the first section. */
  readonly depthAngstrom: number;
  /** Half of it lies before the centre of the first pixel's first voxel. */
  readonly voxelSizeAngstrom: number;
}

type DrawnCandidate = Pick<PickedCandidate, "positionAngstrom" | "radiusAngstrom" | "accepted" | "classIndex">;

/** The slice with these candidates in place of those that are drawn in it. */
export function redrawn(slice: DrawnSlice, candidates: readonly DrawnCandidate[]): DrawnSlice {
  return { ...slice, circles: circlesIn(slice, candidates) };
}

/** Where a slice cuts the spheres of candidates. */
function circlesIn(
  { axes, pixelAngstrom, depthAngstrom, voxelSizeAngstrom }: Omit<DrawnSlice, "circles">,
  candidates: readonly DrawnCandidate[],
): PickSlice["circles"] {
  const [right, down, deep] = axes;
  // From the centre of the first voxel to the edge of the first pixel: half a voxel, whatever the binning.
  const toPixel = (lengthAngstrom: number) => (lengthAngstrom + voxelSizeAngstrom / 2) / pixelAngstrom;
  return candidates.flatMap(({ positionAngstrom, radiusAngstrom, accepted, classIndex }) => {
    const away = Math.abs(positionAngstrom[deep] - depthAngstrom);
    if (away >= radiusAngstrom) return [];
    return [
      {
        x: toPixel(positionAngstrom[right]),
        y: toPixel(positionAngstrom[down]),
        radius: Math.sqrt(radiusAngstrom ** 2 - away ** 2) / pixelAngstrom,
        classIndex: accepted ? classIndex : undefined,
      },
    ];
  });
}

/** Slices perpendicular to the beam as measured, else to z. @throws FileError, AbortError. */
export async function reportSlices(picked: PickedTomogram, { signal }: Progress): Promise<DrawnSlice[]> {
  const { grid, adaptation } = picked.searched;
  const view = VIEWS[adaptation.geometry?.beamAxis ?? "z"];
  const isCoarse = grid.voxelSizeAngstrom >= Math.max(COARSE_ANGSTROM, COARSE * grid.fileVoxelSizeAngstrom);
  if (!isCoarse) return slicesOf(picked, grid, { view, reach: SLICE_REACH, signal });
  const { fileVoxelSizeAngstrom: voxelSizeAngstrom } = grid;
  await using file = await openTomogramGrid(grid.path, {
    ...{ voxelSizeAngstrom, fileVoxelSizeAngstrom: voxelSizeAngstrom },
    workFolder: "",
  });
  const reach = Math.round(grid.voxelSizeAngstrom / 2 / voxelSizeAngstrom);
  return await slicesOf(picked, file, { view, reach, signal });
}

interface SliceOptions {
  readonly view: readonly [Axis, Axis, Axis];
  /** Sections to both sides that are averaged. */
  readonly reach: number;
  readonly signal?: AbortSignal | undefined;
}

async function slicesOf(
  { searched, candidates }: PickedTomogram,
  source: TomogramGrid,
  { view, reach, signal }: SliceOptions,
): Promise<DrawnSlice[]> {
  const [right, down, deep] = view;
  const voxel = source.voxelSizeAngstrom;
  const depths = lengthAlong(source.shape, deep);
  const slices: DrawnSlice[] = [];
  for (const fraction of depths < THIN_VOXELS ? [0.5] : SLICE_DEPTHS) {
    const at = Math.round(fraction * (depths - 1));
    const range = [Math.max(0, at - reach), Math.min(depths, at + reach + 1)] as const;
    const { plane, binning } = await averagedPlane(source, view, range, searched.scale, signal);
    const slice = {
      ...{ plane, pixelAngstrom: voxel * binning, axes: [right, down, deep] as const },
      ...{ depthAngstrom: at * voxel, voxelSizeAngstrom: voxel },
      section: Math.round((at * voxel) / source.fileVoxelSizeAngstrom) + 1,
      sections: lengthAlong(source.fileShape, deep),
      fileVoxelSizeAngstrom: source.fileVoxelSizeAngstrom,
      thicknessAngstrom: (range[1] - range[0]) * voxel,
      isInverted: searched.scale.scale < 0,
    };
    slices.push({ ...slice, circles: circlesIn(slice, candidates) });
  }
  return slices;
}

function lengthAlong([nz, ny, nx]: Shape3, axis: Axis): number {
  return { x: nx, y: ny, z: nz }[axis];
}

/** The mean of neighbouring sections across an axis, protein positive, binned so that the picture is not too large. */
async function averagedPlane(
  source: TomogramGrid,
  [right, down, deep]: readonly [Axis, Axis, Axis],
  [from, to]: readonly [number, number],
  { mean, scale }: GreyScale,
  signal: AbortSignal | undefined,
): Promise<{ plane: Plane; binning: number }> {
  const [across, downwards] = [lengthAlong(source.shape, right), lengthAlong(source.shape, down)];
  const binning = Math.ceil(Math.max(across, downwards) / LARGEST_PICTURE);
  const [width, height] = [Math.floor(across / binning), Math.floor(downwards / binning)];
  const data = new Float32Array(width * height);
  const weight = scale / ((to - from) * binning ** 2);
  const first = { x: 0, y: 0, z: 0, [deep]: from };
  const end = { x: 0, y: 0, z: 0, [right]: width * binning, [down]: height * binning, [deep]: to };
  const nx = source.shape[2];
  const at = { ...first };
  for (at.z = first.z; at.z < end.z; at.z++) {
    await breathe(signal);
    const values = await source.read([at.z, first.y, 0], [1, end.y - first.y, nx]);
    for (at.y = first.y; at.y < end.y; at.y++)
      for (at.x = first.x; at.x < end.x; at.x++) {
        const value = values[(at.y - first.y) * nx + at.x]!;
        // NaN and infinity count as the mean: they would blot out their neighbours.
        if (!Number.isFinite(value)) continue;
        const pixel = Math.floor(at[down] / binning) * width + Math.floor(at[right] / binning);
        data[pixel]! += weight * (value - mean);
      }
  }
  return { plane: { width, height, data }, binning };
}
