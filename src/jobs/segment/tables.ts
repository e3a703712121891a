import { chooseBins, countInBins } from "../../evaluate/index.js";
import { csvText, parseDecimal } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";
import type { SegmentedParticle } from "./particles.js";
import type { Segmentation } from "./segmentation.js";
import type { ParticleShape } from "./shapes.js";

/** A shape without its mesh, which memory could not hold of all. */
export type MeasuredShape = Omit<ParticleShape, "mesh">;

/** One row a particle; empty fields where there is nothing to say. Positions are those of the list, not of its box's voxel. */
export function shapesCsv(segmentation: Segmentation, shapes: readonly MeasuredShape[]): string {
  const { particles, grid } = segmentation;
  const { names, labels } = segmentation.classes;
  const positions = particles.map((_, i) => positionOf(segmentation, i));
  const voxels = (axis: keyof Vector3) => (i: number) =>
    grid ? decimal(positions[i]![axis] / grid.voxelSizeAngstrom, 4) : "";
  const columns: readonly (readonly [name: string, value: (index: number) => string])[] = [
    ["particle", (i) => String(i + 1)],
    ["class", (i) => names[particles[i]!.classIndex]!],
    ["label", (i) => String(labels[particles[i]!.classIndex]!)],
    ["class_probability", (i) => decimal(probabilityOf(segmentation, i), 4)],
    ["x_angstrom", (i) => decimal(positions[i]!.x, 3)],
    ["y_angstrom", (i) => decimal(positions[i]!.y, 3)],
    ["z_angstrom", (i) => decimal(positions[i]!.z, 3)],
    ["x_voxels", voxels("x")],
    ["y_voxels", voxels("y")],
    ["z_voxels", voxels("z")],
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

/** Of its class: as classified here, else as the list says. */
function probabilityOf({ particles, list }: Segmentation, index: number): number | undefined {
  const stated = list.particles[index]?.extra.cosnetProbability;
  return particles[index]!.classification?.probability ?? (stated === undefined ? undefined : parseDecimal(stated));
}

/** From the tomogram's first voxel as the list has it, else the centre of its own box. */
function positionOf({ particles, list, grid }: Segmentation, index: number): Vector3 {
  const stated = list.particles[index]?.positionAngstrom;
  if (!grid || !stated) return particles[index]!.mask.centreAngstrom;
  const half = list.origin === "first-voxel" ? 0 : grid.voxelSizeAngstrom / 2;
  const [nz, ny, nx] = grid.shape;
  return { x: stated.x + half * nx, y: stated.y + half * ny, z: stated.z + half * nz };
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
