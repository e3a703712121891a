/** What looks wrong about a result, in sentences: on the terminal and at the top of the report. */
import { countText } from "../../count-text.js";
import type { Vector3 } from "../../volume/index.js";
import type { PickSettings } from "./options.js";
import { FILAMENT_SPACING_VOXELS, type PickedCandidate, type PickedTomogram } from "./picked-tomogram.js";

/** Fewer candidates lie on a plane or near the border by chance. */
const ENOUGH = 8;
/** Candidates of a real tomogram do not lie as near as this many searched voxels to one plane. */
const PLANE_VOXELS = 2;
/** Most of the candidates, where they would be expected to be less than half. */
const MOST = 0.8;

/** @returns sentences without the tomogram's name. */
export function tomogramDoubts(picked: PickedTomogram, settings: PickSettings): string[] {
  const { candidates } = picked;
  if (candidates.length === 0)
    return [settings.particles ? "the lists of --particles have no particle in it" : emptyText(picked)];
  const picks = candidates.filter(({ accepted }) => accepted).length;
  return [
    ...(picks === 0
      ? [
          `none of ${countText(candidates.length, "candidate")} is of the classes: check the contrast, the voxel size and the examples, or lower --cut-off`,
        ]
      : []),
    ...(settings.particles ? [] : searchDoubts(picked, settings)),
  ];
}

/** What is odd about where the search found something. */
function searchDoubts(picked: PickedTomogram, settings: PickSettings): string[] {
  return [
    ...planeDoubts(picked),
    ...borderDoubts(picked),
    ...exampleDoubts(picked, settings),
    ...spacingDoubts(picked, settings),
  ];
}

function emptyText({ searches }: PickedTomogram): string {
  const left = searches.reduce(
    (sum, { searched: { excluded } }) => sum + excluded.border + excluded.mask + excluded.gold,
    0,
  );
  return left > 0
    ? `no candidate is left: mask, border or gold exclude all ${left}`
    : "nothing in it looks like a particle: check the voxel size, the contrast (--invert, --no-invert) and the diameter (--particle-diameter)";
}

function spacingDoubts(
  { searched: { grid }, searches }: PickedTomogram,
  { filamentSpacingAngstrom: asked }: PickSettings,
): string[] {
  const leastAngstrom = FILAMENT_SPACING_VOXELS * grid.voxelSizeAngstrom;
  if (asked === undefined || asked >= leastAngstrom || searches.every(({ filaments }) => filaments.size === 0))
    return [];
  return [
    `picks along filaments are ${Math.round(leastAngstrom)} Å apart, not the ${asked} Å of --filament-spacing: nearer ones cannot be told apart in voxels of ${grid.voxelSizeAngstrom.toFixed(1)} Å`,
  ];
}

const AXES = ["x", "y", "z"] as const;

function planeDoubts({ searched: { grid }, candidates }: PickedTomogram): string[] {
  if (candidates.length < ENOUGH) return [];
  const flat = AXES.filter((axis) => {
    const [low, high] = rangeOf(candidates, axis);
    const plane = PLANE_VOXELS * grid.voxelSizeAngstrom;
    return high - low <= plane && grid.sizeAngstrom[axis] > 4 * plane;
  });
  return flat.map(
    (axis) => `all ${candidates.length} candidates lie on one plane across ${axis}: that is no particles' doing`,
  );
}

function rangeOf(candidates: readonly PickedCandidate[], axis: keyof Vector3): [low: number, high: number] {
  return candidates.reduce<[number, number]>(
    ([low, high], { positionAngstrom }) => [
      Math.min(low, positionAngstrom[axis]),
      Math.max(high, positionAngstrom[axis]),
    ],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function borderDoubts({ searched: { grid }, candidates }: PickedTomogram): string[] {
  if (candidates.length < ENOUGH) return [];
  const size = grid.sizeAngstrom;
  const isNear = ({ positionAngstrom: at, radiusAngstrom }: PickedCandidate) =>
    AXES.some((axis) => Math.min(at[axis], size[axis] - at[axis]) < radiusAngstrom);
  const near = candidates.filter(isNear).length;
  const margin = 2 * (candidates.reduce((sum, { radiusAngstrom }) => sum + radiusAngstrom, 0) / candidates.length);
  const inside = AXES.reduce((product, axis) => product * Math.max(0, 1 - margin / size[axis]), 1);
  if (near < MOST * candidates.length || inside < 0.5) return [];
  return [
    `${near} of ${candidates.length} candidates lie within a radius of the border: edges of the reconstruction rather than particles? --border leaves them out`,
  ];
}

/** Examples in this tomogram at which the detector sees no particle. */
function exampleDoubts(
  { own, searches, candidates }: PickedTomogram,
  { maskPath, borderAngstrom }: PickSettings,
): string[] {
  if (maskPath !== undefined || borderAngstrom > 0) return [];
  const { names } = searches[0].examples;
  const missed = own.filter(({ isFound, label }) => !isFound && !searches.some(({ empty }) => empty.has(label)));
  if (missed.length === 0 || candidates.length === 0) return [];
  const shown = missed.slice(0, 5).map(({ source, label }) => `${source} (${names[label]})`);
  const more = missed.length > shown.length ? " and others" : "";
  return [
    `nothing looks like a particle at ${missed.length} of ${countText(own.length, "example")}: ${shown.join("; ")}${more}. Check their coordinates' unit and origin`,
  ];
}

/** What is assumed about examples that are called none of the classes. */
export function negativeDoubts({ searches: [first] }: PickedTomogram): string[] {
  const { names, wantedClasses, supports } = first.examples;
  return names.slice(wantedClasses).flatMap((name, i) => {
    if (name.startsWith("not wanted: ")) return [];
    const count = supports.labels.filter((label) => label === wantedClasses + i).length;
    return [
      `${countText(count, "example")} of class ${name} ${count === 1 ? "is a negative" : "are negatives"}: what is like them is not picked`,
    ];
  });
}

/** Classes that are not picked because there is nothing at their examples. */
export function emptyDoubts({ searches }: PickedTomogram): string[] {
  const [{ examples }] = searches;
  const empty = new Set(searches.flatMap((search) => search.classes.filter(({ label }) => search.empty.has(label))));
  return [...empty].map(
    ({ label }) =>
      `there is nothing at the ${examples.supports.labels.filter((other) => other === label).length === 1 ? "example" : "examples"} of ${examples.names[label]} but what fills the tomogram: what is like it counts as none of the classes. Check the coordinates; --closed-set picks it all the same`,
  );
}
