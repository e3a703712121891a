import { describeDistribution } from "../../evaluate/index.js";
import { openTomogram } from "../../files/tomogram/index.js";
import { boxOfMask, insideMask, pasteMasks } from "../../infer/index.js";
import {
  type Plane,
  packingPicture,
  particleName,
  type SegmentedClassShapes,
  type SegmentReportData,
} from "../../report/index.js";
import { createVolume, type VoxelGrid } from "../../volume/index.js";
import { coarseLabels } from "./labels.js";
import type { SegmentedParticle, SegmentedParticles } from "./particles.js";
import type { Segmentation } from "./segmentation.js";
import { diametersByClass, type MeasuredShape } from "./tables.js";

/** Longest edge of the pictures of the tomogram, in voxels. */
const SECTION_PIXELS = 900;
const VIEW_VOXELS = 320;
/** A particle that loses more of its mask to neighbours may be the same particle picked twice. */
const MUCH_LOST = 0.5;

/** Shapes of the particles whose mask is not empty, by class. */
export function shapesByClass(
  { particles, classes: { names, labels } }: Segmentation,
  shapes: readonly MeasuredShape[],
): SegmentedClassShapes[] {
  const diameters = diametersByClass(particles, shapes, names.length);
  return names.map((name, classIndex) => {
    const filled = shapes.filter((shape, i) => particles[i]!.classIndex === classIndex && shape.voxels > 0);
    return {
      name,
      label: labels[classIndex]!,
      particles: particles.filter((particle) => particle.classIndex === classIndex).length,
      diametersAngstrom: diameters[classIndex]!,
      sphericities: filled.map(({ sphericity }) => sphericity),
      diameter: describeDistribution(diameters[classIndex]!),
      volume: describeDistribution(filled.map(({ volumeCubicAngstrom }) => volumeCubicAngstrom)),
      surface: describeDistribution(filled.map(({ surfaceSquareAngstrom }) => surfaceSquareAngstrom)),
      extent: describeDistribution(filled.map(({ longestExtentAngstrom }) => longestExtentAngstrom)),
    };
  });
}

/** What a person should look at: phrases that go after "3 particles". */
export function doubtsOf(
  { particles }: SegmentedParticles,
  shapes: readonly MeasuredShape[],
): SegmentReportData["doubts"] {
  const count = (doubtful: (particle: SegmentedParticle, index: number) => boolean) =>
    particles.filter(doubtful).length;
  return [
    ["with an empty mask", count((_, i) => shapes[i]!.voxels === 0 && shapes[i]!.lostToNeighbours < 1)],
    ["whose refinement changed too much and was not used", count(({ crf }) => crf?.flagged === true)],
    ["whose mask reaches the edge of the box: too large for it, or not alone", count(({ cutOff }) => cutOff)],
    [
      "that lost more than half of the mask to a neighbour: perhaps picked twice",
      count((_, i) => shapes[i]!.lostToNeighbours > MUCH_LOST),
    ],
  ];
}

export function galleryOf(
  { particles, shown, list, network: { edge, voxelSizeAngstrom } }: Segmentation,
  shapes: readonly MeasuredShape[],
): SegmentReportData["gallery"] {
  return shown.map(({ index, volume }) => {
    const { mask, classIndex, grid: own } = particles[index]!;
    return {
      name: particleName(index, {
        imageName: list.particles[index]?.imageName,
        centreVoxel: own.centreVoxel,
      }),
      classIndex,
      box: {
        volume: createVolume([edge, edge, edge], voxelSizeAngstrom, volume),
        mask: insideMask(pasteMasks([[0, mask]], boxOfMask(mask, edge)).probability),
      },
      diameterAngstrom: shapes[index]!.equivalentDiameterAngstrom,
      sphericity: shapes[index]!.sphericity,
    };
  });
}

/** The section through the middle one of the particles, and a view of them all. */
export async function tomogramPictures(
  path: string,
  { particles }: SegmentedParticles,
  grid: VoxelGrid,
  { inverted }: { readonly inverted: boolean },
): Promise<NonNullable<SegmentReportData["tomogram"]>> {
  const [nz, ny, nx] = grid.shape;
  const { voxelSizeAngstrom } = grid;
  const heights = particles.map(({ mask }) => mask.centreAngstrom.z / voxelSizeAngstrom).sort((a, b) => a - b);
  const z = Math.min(nz - 1, Math.max(0, Math.round(heights[Math.floor(heights.length / 2)] ?? nz / 2)));
  const step = Math.ceil(Math.max(nx, ny) / SECTION_PIXELS);
  const plane = shrunk(await readSection(path, z, grid), step, inverted ? -1 : 1);
  // A shrunk pixel shows what is in the middle of the voxels that it is the mean of.
  const middle = ((step - 1) / 2) * voxelSizeAngstrom;
  const { probability, owner } = pasteMasks(
    particles.map(({ mask }, index) => [index, mask] as const),
    {
      originAngstrom: { x: middle, y: middle, z: z * voxelSizeAngstrom },
      voxelSizeAngstrom: step * voxelSizeAngstrom,
      shape: [1, plane.height, plane.width],
    },
  );
  const classes = probability.map((p, i) => (p > 0.5 ? particles[owner[i]!]!.classIndex + 1 : 0));
  const coarse = coarseLabels(particles, grid, VIEW_VOXELS);
  return {
    sizeText: `${nx} × ${ny} × ${nz} voxels of ${Number(voxelSizeAngstrom.toFixed(3))} Å`,
    slice: {
      ...{ plane, pixelAngstrom: step * voxelSizeAngstrom, axes: ["x", "y", "z"], section: z + 1, sections: nz },
      ...{ fileVoxelSizeAngstrom: voxelSizeAngstrom, thicknessAngstrom: voxelSizeAngstrom, isInverted: inverted },
    },
    sliceClasses: { ...plane, data: classes },
    view: packingPicture(coarse.classes, coarse.shape),
  };
}

async function readSection(path: string, z: number, { voxelSizeAngstrom }: VoxelGrid): Promise<Plane> {
  await using tomogram = await openTomogram(path, { voxelSizeAngstrom });
  const [, height, width] = tomogram.shape;
  return { width, height, data: await tomogram.read([z, 0, 0], [1, height, width]) };
}

/** Means of squares of `step` voxels, as far as there are whole ones, times `sign`. */
function shrunk({ width, height, data }: Plane, step: number, sign: 1 | -1): Plane {
  const [columns, rows] = [Math.max(1, Math.floor(width / step)), Math.max(1, Math.floor(height / step))];
  const mean = new Float32Array(columns * rows);
  for (let y = 0; y < rows * step; y++)
    for (let x = 0; x < columns * step; x++)
      mean[Math.floor(y / step) * columns + Math.floor(x / step)]! += (sign * data[y * width + x]!) / step ** 2;
  return { width: columns, height: rows, data: mean };
}
