/** What was found in a tomogram at all scales, put together. */

import { realPath } from "../../files/disk/index.js";
import {
  type CutOffRow,
  cutOffTable,
  type Embedded,
  type ExampleDependence,
  exampleDependence,
  type OpenSetModel,
  onFilaments,
  suppressNeighbours,
} from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { Vector3 } from "../../volume/index.js";
import type { Filament } from "./by-example/index.js";
import {
  type ComparedTomogram,
  type IdentifiedCandidate,
  type IdentifiedSearch,
  identifiedCandidates,
} from "./identify.js";
import type { PickSettings } from "./options.js";
import type { PickScale } from "./scales.js";

/** What remains of a search once its candidates are identified: all that lists, masks and report need. */
export interface PickedSearch extends PickScale {
  readonly searched: FoundTomogram;
  readonly filaments: ReadonlyMap<number, Pick<Filament, "reason">>;
  readonly empty: ReadonlySet<number>;
  /** Undefined when every particle is of one of the classes. */
  readonly openSet: OpenSetModel | undefined;
  /** Those of its candidates. */
  readonly embedded: Pick<Embedded, "embeddings" | "size">;
}

/** A searched tomogram without what only identification needs. */
export interface FoundTomogram extends Omit<ComparedTomogram, "candidates"> {
  readonly candidates: { readonly length: number };
}

/** A candidate, and the search that found it. */
export interface PickedCandidate extends IdentifiedCandidate {
  readonly search: PickedSearch;
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
  readonly searched: FoundTomogram;
  /** Finest voxels first; one at least. */
  readonly searches: readonly [PickedSearch, ...PickedSearch[]];
  readonly candidates: readonly PickedCandidate[];
  /** Candidates that lay on a better one of another scale, or on one found by its likeness to the examples, or the reverse. */
  readonly acrossScales: number;
  /** Examples in this tomogram. */
  readonly own: readonly OwnExample[];
  readonly cutOffs: readonly CutOffRow[];
  readonly dependence: readonly ExampleDependence[];
}

/**
 * @param dependence what depends on each example, where it is known.
 * @throws FileError, AbortError.
 */
export async function pickedTomogram(
  identified: IdentifiedSearches,
  settings: PickSettings,
  dependence?: readonly ExampleDependence[],
): Promise<PickedTomogram> {
  const searches = identified.map(pickedSearch) as [PickedSearch, ...PickedSearch[]]; // as many
  const examples = await examplesIn(searches[0]);
  const all = identified.flatMap((search, scale) =>
    identifiedCandidates(search).map((candidate, index): PickedCandidate => {
      const isExample = examples.some((example) => isAt(candidate, example));
      return { ...candidate, search: searches[scale]!, index, isExample };
    }),
  );
  const shadows = shadowsIn(all, identified, settings);
  const candidates = settings.particles
    ? bestOfRows(all)
    : onePickAMask(
        bestOfScales(
          all.filter((one) => !shadows.has(one)),
          settings,
        ),
        settings,
      );
  const { wantedClasses } = searches[0].examples;
  const ofWanted = candidates.filter(
    ({ classIndex, search }) => classIndex < wantedClasses && !search.empty.has(classIndex),
  );
  await breathe(settings.signal);
  return {
    ...{ searched: searches[0].searched, searches, candidates, acrossScales: all.length - candidates.length },
    own: examples.map((example) => ({ ...example, isFound: candidates.some((one) => isAt(one, example)) })),
    cutOffs: cutOffTable(ofWanted.filter(({ isExample }) => !isExample).map(({ probability }) => probability)),
    dependence: dependence ?? dependenceOf(identified, candidates),
  };
}

/** A tomogram searched at all scales: one at least. */
export type IdentifiedSearches = readonly [IdentifiedSearch, ...IdentifiedSearch[]];

function pickedSearch({ networks, examples, settings, classes, ...found }: IdentifiedSearch): PickedSearch {
  const { searched, filaments, empty, openSet, embedded } = found;
  const { embeddings, size } = embedded;
  return {
    ...{ networks, examples, settings, classes, searched, filaments, empty, openSet },
    embedded: { embeddings, size },
  };
}

async function examplesIn({ searched, examples }: PickedSearch): Promise<Omit<OwnExample, "isFound">[]> {
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

/** Candidates that lie beside a filament that they were taken for. */
function shadowsIn(
  candidates: readonly PickedCandidate[],
  searches: IdentifiedSearches,
  { filamentSpacingAngstrom }: Pick<PickSettings, "filamentSpacingAngstrom">,
): ReadonlySet<PickedCandidate> {
  const shadows = new Set<PickedCandidate>();
  for (const { filaments, searched } of searches)
    for (const [label, { likeness }] of filaments) {
      const own = candidates.filter(
        ({ search, classIndex, accepted }) =>
          search.searched.grid === searched.grid && accepted && classIndex === label,
      );
      const voxel = searched.grid.voxelSizeAngstrom;
      const positions = own.map(({ positionAngstrom: { x, y, z } }) => ({ x: x / voxel, y: y / voxel, z: z / voxel }));
      const stays = onFilaments(positions, likeness, {
        spacingVoxels: Math.max(FILAMENT_SPACING_VOXELS, (filamentSpacingAngstrom ?? 0) / voxel),
      });
      for (const [i, one] of own.entries()) if (!stays[i]) shadows.add(one);
    }
  return shadows;
}

/**
 * Of candidates of several scales on one particle the best stays: a pick of a class that its search is for before a pick of
 * another class, and any pick before what is none; then by score.
 */
export function bestOfScales(
  candidates: readonly PickedCandidate[],
  { spacing }: Pick<PickSettings, "spacing">,
): PickedCandidate[] {
  return suppressed(candidates, spacing, ({ positionAngstrom }) => positionAngstrom);
}

/**
 * The same candidates, of which no two are picked at the ends of one long particle: both masks are then of the whole of it, and
 * their centroids lie together. The better one is the pick.
 */
export function onePickAMask(
  candidates: readonly PickedCandidate[],
  { spacing }: Pick<PickSettings, "spacing">,
): PickedCandidate[] {
  const outlined = candidates.filter(({ accepted, volumeCubicNanometre }) => accepted && volumeCubicNanometre > 0);
  const ends = new Set(outlined);
  for (const label of new Set(outlined.map(({ classIndex }) => classIndex))) {
    const own = outlined.filter(({ classIndex }) => classIndex === label);
    for (const one of suppressed(own, ONE_MASK * spacing, centroidOf)) ends.delete(one);
  }
  return candidates.map((one) => (ends.has(one) ? { ...one, accepted: false, rejection: "same" } : one));
}

/** Of the distance at which two candidates are of one particle, where their masks show it. */
const ONE_MASK = 0.5;

function suppressed(
  candidates: readonly PickedCandidate[],
  spacing: number,
  positionOf: (candidate: PickedCandidate) => Vector3,
): PickedCandidate[] {
  const placed = candidates.map((candidate) => ({
    candidate,
    position: positionOf(candidate),
    radius: candidate.radiusAngstrom,
    score: rank(candidate) + candidate.pickScore,
  }));
  return suppressNeighbours(placed, { spacing }).map(({ candidate }) => candidate);
}

function centroidOf({ positionAngstrom: { x, y, z }, offsetAngstrom: offset }: PickedCandidate): Vector3 {
  return { x: x + offset.x, y: y + offset.y, z: z + offset.z };
}

/** Each particle of a list at the scale that knows it best. */
function bestOfRows(candidates: readonly PickedCandidate[]): PickedCandidate[] {
  const best = new Map<number, PickedCandidate>();
  const worth = (candidate: PickedCandidate) => rank(candidate) + candidate.pickScore;
  for (const candidate of candidates) {
    const other = best.get(candidate.index);
    if (!other || worth(candidate) > worth(other)) best.set(candidate.index, candidate);
  }
  return [...best.values()];
}

function rank({ accepted, classIndex, search }: PickedCandidate): 0 | 1 | 2 {
  if (!accepted) return 0;
  return search.classes.some(({ label }) => label === classIndex) ? 2 : 1;
}

/** What depends on each example, over the picks of all scales. */
function dependenceOf(searches: IdentifiedSearches, candidates: readonly PickedCandidate[]): ExampleDependence[] {
  const parts = searches.map((search) => {
    const { grid } = search.searched;
    const accepted = candidates
      .filter((one) => one.accepted && one.search.searched.grid === grid)
      .map(({ index }) => index);
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
