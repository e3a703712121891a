/** What was found in a tomogram at all scales, put together. */

import { realPath } from "../../files/disk/index.js";
import {
  type CutOffRow,
  cutOffTable,
  type ExampleDependence,
  exampleDependence,
  onFilaments,
  suppressNeighbours,
} from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import type { SearchedTomogram } from "../search/index.js";
import type { IdentifiedCandidate, IdentifiedSearch } from "./identify.js";
import type { PickSettings } from "./options.js";

/** A candidate, and the search that found it. */
export interface PickedCandidate extends IdentifiedCandidate {
  readonly search: IdentifiedSearch;
  /** Its number among the candidates of that search. */
  readonly index: number;
  /** One of the examples lies here: that it is right says nothing of the others. */
  readonly isExample: boolean;
}

/** An example of a class that is looked for, in the tomogram that was searched. */
interface OwnExample {
  readonly source: string;
  readonly label: number;
  readonly positionAngstrom: Vector3;
  /** Whether a candidate lies there. */
  readonly isFound: boolean;
}

/** A tomogram with what was found in it. */
export interface PickedTomogram {
  /** The first search: what is the same at all scales. */
  readonly searched: SearchedTomogram;
  /** Finest voxels first; one at least. */
  readonly searches: readonly [IdentifiedSearch, ...IdentifiedSearch[]];
  readonly candidates: readonly PickedCandidate[];
  /** Candidates that lay on a better one of another scale, or on one found by its likeness to the examples, or the reverse. */
  readonly acrossScales: number;
  /** Examples in this tomogram. */
  readonly own: readonly OwnExample[];
  readonly cutOffs: readonly CutOffRow[];
  readonly dependence: readonly ExampleDependence[];
}

/** @throws FileError, AbortError. */
export async function pickedTomogram(
  searches: PickedTomogram["searches"],
  settings: PickSettings,
): Promise<PickedTomogram> {
  const examples = await examplesIn(searches[0]);
  const all = searches.flatMap((search) =>
    search.identified.map((candidate, index): PickedCandidate => {
      const isExample = examples.some((example) => isAt(candidate, example));
      return { ...candidate, search, index, isExample };
    }),
  );
  const candidates = bestOfScales(withoutShadows(all, settings), settings);
  const { wantedClasses } = searches[0].examples;
  const ofWanted = candidates.filter(({ classIndex }) => classIndex < wantedClasses);
  await breathe(settings.signal);
  return {
    ...{ searched: searches[0].searched, searches, candidates, acrossScales: all.length - candidates.length },
    own: examples.map((example) => ({ ...example, isFound: candidates.some((one) => isAt(one, example)) })),
    cutOffs: cutOffTable(ofWanted.filter(({ isExample }) => !isExample).map(({ probability }) => probability)),
    dependence: dependenceOf(searches, candidates),
  };
}

async function examplesIn({ searched, examples }: IdentifiedSearch): Promise<Omit<OwnExample, "isFound">[]> {
  const tomogram = await realPath(searched.grid.path);
  const { boxes, supports, wantedClasses } = examples;
  return boxes.flatMap(({ specimen, positionAngstrom, source }, i) => {
    const label = supports.labels[i]!;
    return positionAngstrom && specimen === tomogram && label < wantedClasses
      ? [{ source, label, positionAngstrom }]
      : [];
  });
}

/** Clicks are not exact: within a radius of the candidate's centre, or 50 Å. */
const CLICK_ANGSTROM = 50;

function isAt(candidate: IdentifiedCandidate, { positionAngstrom: b }: Pick<OwnExample, "positionAngstrom">): boolean {
  const { positionAngstrom: a, radiusAngstrom } = candidate;
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) <= Math.max(CLICK_ANGSTROM, radiusAngstrom);
}

/** Picks of filaments nearer than this along the axis are one: the detector's features are of cells of 8 voxels. */
export const FILAMENT_SPACING_VOXELS = 6;

/** Candidates without those that lie beside a filament that they were taken for. */
function withoutShadows(
  candidates: readonly PickedCandidate[],
  { filamentSpacingAngstrom }: Pick<PickSettings, "filamentSpacingAngstrom">,
): PickedCandidate[] {
  const shadows = new Set<PickedCandidate>();
  for (const { filaments, searched } of new Set(candidates.map(({ search }) => search)))
    for (const [label, { likeness }] of filaments) {
      const own = candidates.filter(
        ({ search, classIndex, accepted }) => search.searched === searched && accepted && classIndex === label,
      );
      const voxel = searched.grid.voxelSizeAngstrom;
      const positions = own.map(({ positionAngstrom: { x, y, z } }) => ({ x: x / voxel, y: y / voxel, z: z / voxel }));
      const stays = onFilaments(positions, likeness, {
        spacingVoxels: Math.max(FILAMENT_SPACING_VOXELS, (filamentSpacingAngstrom ?? 0) / voxel),
      });
      for (const [i, one] of own.entries()) if (!stays[i]) shadows.add(one);
    }
  return candidates.filter((one) => !shadows.has(one));
}

/**
 * Of candidates of several scales on one particle the best stays: a pick of a class that its search is for before a pick of
 * another class, and any pick before what is none; then by score.
 */
export function bestOfScales(
  candidates: readonly PickedCandidate[],
  { spacing }: Pick<PickSettings, "spacing">,
): PickedCandidate[] {
  const placed = candidates.map((candidate) => ({
    candidate,
    position: candidate.positionAngstrom,
    radius: candidate.radiusAngstrom,
    score: rank(candidate) + candidate.pickScore,
  }));
  return suppressNeighbours(placed, { spacing }).map(({ candidate }) => candidate);
}

function rank({ accepted, classIndex, search }: PickedCandidate): 0 | 1 | 2 {
  if (!accepted) return 0;
  return search.classes.some(({ label }) => label === classIndex) ? 2 : 1;
}

/** What depends on each example, over the picks of all scales. */
function dependenceOf(
  searches: PickedTomogram["searches"],
  candidates: readonly PickedCandidate[],
): ExampleDependence[] {
  const parts = searches.map((search) => {
    const accepted = candidates.filter((one) => one.accepted && one.search === search).map(({ index }) => index);
    const { embedded, examples, identifying } = search;
    return { picks: accepted.length, of: exampleDependence(embedded, examples.supports, accepted, identifying) };
  });
  const picks = parts.reduce((sum, part) => sum + part.picks, 0);
  return parts[0]!.of.map((first, i) => ({
    ...first,
    changedShare:
      first.changedShare === undefined
        ? undefined
        : parts.reduce((sum, part) => sum + part.picks * (part.of[i]?.changedShare ?? 0), 0) / Math.max(1, picks),
  }));
}
