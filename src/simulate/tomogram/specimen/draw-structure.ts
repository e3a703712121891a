import type { Random, Shape3 } from "../../../volume/index.js";
import type { Occupancy } from "./pack-occupancy.js";
import type { PlacedStructure, SpecimenOptions } from "./specimen.js";

/** What one structure needs to know to draw itself. */
export interface StructureContext {
  readonly options: SpecimenOptions;
  readonly occupancy: Occupancy;
  readonly density: Float32Array;
  /** Takes a voxel for the structure; the same voxel may come twice. */
  label(x: number, y: number, z: number): void;
}

/** Draws one structure, or returns undefined when it does not fit where it was drawn. */
export type DrawStructure = (
  random: Random,
  context: StructureContext,
) => Pick<PlacedStructure, "positionAngstrom" | "sizeAngstrom"> | undefined;

/** A voxel at least `reach` from every face, or undefined when the volume is too small. */
export function randomCentre(
  random: Random,
  [nz, ny, nx]: Shape3,
  reach: number,
): [x: number, y: number, z: number] | undefined {
  if (Math.min(nz, ny, nx) < 2 * reach + 1) return undefined;
  const coordinate = (n: number) => reach + random.integer(n - 2 * reach);
  return [coordinate(nx), coordinate(ny), coordinate(nz)];
}
