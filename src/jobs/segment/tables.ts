import { chooseBins, countInBins } from "../../evaluate/index.js";
import { csvText } from "../../io/index.js";
import type { SegmentedParticle } from "./particles.js";
import type { Segmentation } from "./segmentation.js";
import type { ParticleShape } from "./shapes.js";

/** A shape without its mesh, which memory could not hold of all. */
export type MeasuredShape = Omit<ParticleShape, "mesh">;

/** One row a particle; empty fields where there is nothing to say. */
export function shapesCsv(
  { particles, classes: { names, labels } }: Segmentation,
  shapes: readonly MeasuredShape[],
): string {
  const columns: readonly (readonly [name: string, value: (index: number) => string])[] = [
    ["particle", (i) => String(i + 1)],
    ["class", (i) => names[particles[i]!.classIndex]!],
    ["label", (i) => String(labels[particles[i]!.classIndex]!)],
    ["class_probability", (i) => decimal(particles[i]!.classification?.probability, 4)],
    ["x_angstrom", (i) => decimal(particles[i]!.mask.centreAngstrom.x, 2)],
    ["y_angstrom", (i) => decimal(particles[i]!.mask.centreAngstrom.y, 2)],
    ["z_angstrom", (i) => decimal(particles[i]!.mask.centreAngstrom.z, 2)],
    ["volume_cubic_angstrom", (i) => decimal(shapes[i]!.volumeCubicAngstrom, 0)],
    ["surface_square_angstrom", (i) => decimal(shapes[i]!.surfaceSquareAngstrom, 0)],
    ["sphericity", (i) => decimal(shapes[i]!.sphericity, 4)],
    ["equivalent_diameter_angstrom", (i) => decimal(shapes[i]!.equivalentDiameterAngstrom, 2)],
    ["longest_extent_angstrom", (i) => decimal(shapes[i]!.longestExtentAngstrom, 2)],
    ["voxels_before_crf", (i) => String(particles[i]!.voxelsBefore)],
    ["voxels_after_crf", (i) => String(particles[i]!.voxels)],
    ["voxels", (i) => String(shapes[i]!.voxels)],
    ["lost_to_neighbours", (i) => decimal(shapes[i]!.lostToNeighbours, 4)],
    ["crf_not_used", (i) => (particles[i]!.crf?.flagged ? "1" : "0")],
    ["reaches_box_edge", (i) => (particles[i]!.cutOff ? "1" : "0")],
  ];
  return csvText([columns.map(([name]) => name), ...particles.map((_, i) => columns.map(([, value]) => value(i)))]);
}

/** How many particles of each class fall into which range of diameters: one row a class and bin. */
export function sizeDistributionCsv(
  { particles, classes: { names, labels } }: Segmentation,
  shapes: readonly MeasuredShape[],
): string {
  const diametersOfClass = diametersByClass(particles, shapes, names.length);
  const bins = chooseBins(diametersOfClass.flat());
  const edge = (index: number): number => Number((bins.low + index * bins.width).toPrecision(9));
  const rows = diametersOfClass.flatMap((diameters, classIndex) =>
    [...countInBins(diameters, bins)].map((count, bin) => {
      return [names[classIndex], labels[classIndex], edge(bin), edge(bin + 1), count];
    }),
  );
  return csvText([["class", "label", "diameter_from_angstrom", "diameter_to_angstrom", "particles"], ...rows]);
}

/** The diameters of each class's particles whose mask is not empty. */
export function diametersByClass(
  particles: readonly SegmentedParticle[],
  shapes: readonly MeasuredShape[],
  classCount: number,
): number[][] {
  const diameters = Array.from({ length: classCount }, (): number[] => []);
  for (const [i, { classIndex }] of particles.entries())
    if (shapes[i]!.voxels > 0) diameters[classIndex]!.push(shapes[i]!.equivalentDiameterAngstrom);
  return diameters;
}

function decimal(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? "" : value.toFixed(digits);
}
