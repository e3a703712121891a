import type { SpherePeaks } from "../../evaluate/index.js";
import {
  eachSection,
  openTomogram,
  type StageProgress,
  type StatedVoxelSize,
  type Tomogram,
} from "../../files/tomogram/index.js";
import { createSphereTemplate } from "../../infer/index.js";
import type { ContrastName } from "../../io/index.js";
import type { Vector3 } from "../../volume/index.js";

/** Radii whose ratio is below this have one template. */
const SAME_RADIUS = 1.12;

/** A radius for each class, and few of them: classes of nearly the same size get their mean radius. */
export function templateRadii(radiusOfClass: ReadonlyMap<string, number>): Map<string, number> {
  const sorted = [...radiusOfClass].sort((a, b) => a[1] - b[1]);
  const groups: [string, number][][] = [];
  for (const entry of sorted) {
    const group = groups.at(-1);
    if (group && entry[1] <= group[0]![1] * SAME_RADIUS) group.push(entry);
    else groups.push([entry]);
  }
  return new Map(
    groups.flatMap((group) => {
      const mean = group.reduce((sum, [, radius]) => sum + radius, 0) / group.length;
      return group.map(([name]): [string, number] => [name, mean]);
    }),
  );
}

/**
 * The peaks of a sphere template of each radius in one tomogram, which is read twice, section by section, and never held in memory:
 * first to see whether the true particles are brighter or darker than the rest (which a user of a template would know),
 * then to be filtered.
 */
export async function findSpheres(
  path: string,
  tomogram: string,
  radiiAngstrom: readonly number[],
  options: {
    readonly voxelSizeAngstrom?: number | undefined;
    readonly listedVoxelSize?: StatedVoxelSize | undefined;
    readonly truePositionsAngstrom: readonly Vector3[];
    /** Protein is dark, as the user and as the list of picks says; measured at the true positions when neither does. */
    readonly inverted?: boolean | undefined;
    readonly contrast?: ContrastName | undefined;
    readonly onWarning?: ((warning: string) => void) | undefined;
    readonly maximumPeaks: number;
  } & StageProgress,
): Promise<SpherePeaks[]> {
  await using volume = await openTomogram(path, { ...options, isSpecimen: true });
  for (const warning of volume.warnings) options.onWarning?.(warning);
  const { shape, voxelSizeAngstrom } = volume;
  const stated = options.contrast === undefined ? undefined : options.contrast === "dark";
  const inverted =
    options.inverted ?? stated ?? (await isDark(volume, options.truePositionsAngstrom, Math.min(...radiiAngstrom)));
  const templates = radiiAngstrom.map((radiusAngstrom) =>
    createSphereTemplate(shape, { ...options, radiusAngstrom, voxelSizeAngstrom, inverted }),
  );
  await eachSection(
    volume,
    (section) => {
      for (const template of templates) template.push(section);
    },
    { ...options, stage: "searching for spheres" },
  );
  return templates.map((template, i) => ({ tomogram, radiusAngstrom: radiiAngstrom[i]!, peaks: template.finish() }));
}

/** Whether voxels within half a radius of the particles' centres are darker than the tomogram's mean. */
async function isDark(volume: Tomogram, positions: readonly Vector3[], radiusAngstrom: number): Promise<boolean> {
  const [, ny, nx] = volume.shape;
  const reach = Math.max(1, radiusAngstrom / 2 / volume.voxelSizeAngstrom);
  const centres = positions.map(({ x, y, z }) => [x, y, z].map((value) => value / volume.voxelSizeAngstrom));
  let [sum, count, all, voxels] = [0, 0, 0, 0];
  await eachSection(volume, (section, z) => {
    for (const value of section) if (Number.isFinite(value)) all += value;
    voxels += section.length;
    for (const [cx, cy, cz] of centres as [number, number, number][]) {
      if (Math.abs(z - cz) > reach) continue;
      for (let y = Math.max(0, Math.ceil(cy - reach)); y <= Math.min(ny - 1, cy + reach); y++)
        for (let x = Math.max(0, Math.ceil(cx - reach)); x <= Math.min(nx - 1, cx + reach); x++) {
          const value = section[y * nx + x]!;
          if (Math.hypot(x - cx, y - cy, z - cz) > reach || !Number.isFinite(value)) continue;
          sum += value;
          count++;
        }
    }
  });
  return sum / count < all / voxels;
}
