/** From the voxels of a tomogram to embedded candidates. */
import { join } from "node:path";
import { FormatError } from "../../errors.js";
import { shortHash } from "../../files/disk/index.js";
import type { TomogramGrid } from "../../files/tomogram/index.js";
import {
  adaptedDetector,
  adaptedEmbedder,
  type Contrast,
  type Embedded,
  type FeatureMap,
  SPECTRUM_LENGTH,
  standardisedFeatures,
} from "../../infer/index.js";
import type { Particle, ParticleList, TomogramFacts } from "../../io/index.js";
import type { Progress } from "../../progress.js";
import { type Candidate, candidatesSoFar, chooseCandidates, type Excluded } from "./candidates.js";
import { type Measured, measureTomogram } from "./contrast.js";
import { detectPeaks } from "./detect.js";
import { type CandidateShape, embedCandidates, type KnownBoxes } from "./embed.js";
import { detectedSoFar } from "./found.js";
import { checkMask } from "./mask.js";
import { recalled } from "./memory.js";
import type { Networks } from "./networks.js";
import type { SearchSettings } from "./options.js";

/** A particle of a list, where it is in a tomogram. */
export type ListedParticle = Pick<Candidate, "positionAngstrom" | "orientation">;

/** A candidate with the size and form of its mask, as the network predicts it. */
export interface SearchedCandidate extends Candidate, CandidateShape {}

/** What was found in a tomogram, before anything has a class. */
export interface SearchedTomogram extends Measured {
  /** Open as long as the tomograms it was searched with are. */
  readonly grid: TomogramGrid;
  readonly candidates: readonly SearchedCandidate[];
  /** One row a candidate. */
  readonly embedded: Embedded;
  /** How many of them, the last ones, were found by their likeness to examples. */
  readonly alike: number;
  readonly excluded: Excluded;
  /** What the detector saw around every cell, standardised, where it was to be kept and the detector tells. */
  readonly features: FeatureMap | undefined;
  readonly peaks: number;
  readonly tiles: number;
  readonly resumedTiles: number;
  readonly seconds: Readonly<Record<"opening" | "detecting" | "choosing" | "embedding" | "alike", number>>;
}

export interface TomogramSearch extends SearchSettings {
  /** What the search leaves for a later run. */
  readonly workFolder: string;
  /** Diameter of the smallest particle that is looked for: a tomogram that is narrower cannot hold one. */
  readonly narrowestAngstrom: number;
  /** Contrast as examples in this tomogram have shown it. */
  readonly knownContrast: Contrast | undefined;
  /** Keep what the detector sees around every cell. */
  readonly keepFeatures?: boolean;
  /** Particles of lists, which are looked at in place of what the detector finds. */
  readonly listed?: ((grid: TomogramGrid) => readonly ListedParticle[]) | undefined;
  /** Seconds since it was last asked; first at the end of the opening. */
  readonly clock: () => number;
}

/** Box centres move by no more than this when they are cut again around the mask: further off is a neighbour's mask. */
const LARGEST_SHIFT_VOXELS = 3;

/** @throws FileError, FormatError, ConfigError, ModelError, AbortError. */
export async function searchTomogram(
  grid: TomogramGrid,
  networks: Networks,
  search: TomogramSearch,
): Promise<SearchedTomogram> {
  const { workFolder, clock, maskPath } = search;
  await checkInputs(grid, search);
  const listed = search.listed?.(grid);
  const measured = await measureTomogram(grid, search.knownContrast, search);
  const opening = clock();
  const memory = maskPath === undefined ? search.memory : undefined; // a mask may have changed
  const key = `found ${workFolder} ${grid.voxelSizeAngstrom} ${keyOfSearch(networks, measured, { ...search, listed })}`;
  const { seconds, ...found } = await recalled(memory, key, () =>
    listed
      ? lookAtListed(grid, listed, measured, { networks, search })
      : findCandidates(grid, measured, networks, search),
  );
  return { grid, ...measured, ...found, alike: 0, seconds: { ...seconds, opening, alike: 0 } };
}

/** What was found depends on, besides the tomogram. */
function keyOfSearch(
  { modelLabel, ...networks }: Networks,
  { scale, adaptation }: Measured,
  search: Omit<TomogramSearch, "listed"> & { readonly listed: readonly ListedParticle[] | undefined },
) {
  const { minimumScore, detectorLabel } = networks;
  const { spacing, borderAngstrom, excludeGold, testTimeAveraging, recentre, keepFeatures, listed } = search;
  return shortHash({
    ...{ modelLabel, detectorLabel, minimumScore, scale, adaptation },
    ...{ spacing, borderAngstrom, excludeGold, testTimeAveraging, recentre, keepFeatures, listed },
  });
}

/** Detects, chooses and embeds. */
async function findCandidates(grid: TomogramGrid, measured: Measured, networks: Networks, search: TomogramSearch) {
  const { workFolder, clock } = search;
  const { minimumScore, detectorLabel } = networks;
  const { scale, adaptation } = measured;
  const detector = adaptedDetector(networks.detector, adaptation);
  const { edge, mostVoxels } = detector;
  const key = shortHash({ detector: detectorLabel, minimumScore, scale, adaptation, edge, mostVoxels });
  const choosing = { ...search, scale, minimumScore };
  const { peaks, features, tiles, resumedTiles } = await detectPeaks(grid, detector, {
    ...search,
    ...{ scale, minimumScore, stage: "searching", notesPath: join(workFolder, `tiles-${key}.jsonl`) },
    onPeaks: (peaks) => search.onFound?.(detectedSoFar(grid.path, candidatesSoFar(peaks, grid, choosing))),
  });
  const detecting = clock();
  const { candidates: chosen, excluded } = await chooseCandidates(peaks, grid, choosing);
  search.onFound?.(detectedSoFar(grid.path, chosen));
  const choosingSeconds = clock();
  const { candidates, embedded } = await embedChosen(grid, chosen, measured, { networks, search });
  return {
    ...{ candidates, embedded, excluded, tiles, resumedTiles },
    features: features && standardisedFeatures(features),
    peaks: peaks.length,
    seconds: { detecting, choosing: choosingSeconds, embedding: clock() },
  };
}

/** Embeds every particle of a list, however near to another, to gold or to the border it is. */
async function lookAtListed(
  grid: TomogramGrid,
  listed: readonly ListedParticle[],
  measured: Measured,
  { networks, search }: { readonly networks: Networks; readonly search: TomogramSearch },
) {
  const leastRadius = LEAST_RADIUS_VOXELS * grid.voxelSizeAngstrom;
  const given = listed.map((particle): Candidate => ({ ...particle, score: 1, radiusAngstrom: leastRadius }));
  search.onFound?.(detectedSoFar(grid.path, given));
  const { candidates, embedded } = await embedChosen(grid, given, measured, { networks, search });
  return {
    ...{ candidates: candidates.map((one) => withRadiusOfMask(one, grid)), embedded },
    excluded: { neighbours: 0, border: 0, mask: 0, gold: 0 },
    ...{ features: undefined, peaks: listed.length, tiles: 0, resumedTiles: 0 },
    seconds: { detecting: 0, choosing: 0, embedding: search.clock() },
  };
}

/** Smaller particles are not told from noise; by it picks along a filament keep their distance. */
export const LEAST_RADIUS_VOXELS = 5;

/** With the radius of a sphere of the mask's volume; filaments and what else the network has not learnt to outline have none. */
export function withRadiusOfMask(
  candidate: SearchedCandidate,
  { voxelSizeAngstrom }: Pick<TomogramGrid, "voxelSizeAngstrom">,
): SearchedCandidate {
  const ofMask = 10 * Math.cbrt((3 * candidate.volumeCubicNanometre) / (4 * Math.PI));
  return { ...candidate, radiusAngstrom: Math.max(ofMask, LEAST_RADIUS_VOXELS * voxelSizeAngstrom) };
}

/** A diameter that an example's mask shows may be too large: by a fifth for a virion, whose mask reaches the box's faces. */
const SURELY_AS_LARGE = 0.75;

/** @throws FormatError, ConfigError when nothing can be found, whatever the networks say. */
async function checkInputs(grid: TomogramGrid, search: TomogramSearch): Promise<void> {
  const { narrowestAngstrom, maskPath } = search;
  if (grid.survey?.isConstant)
    throw new FormatError("all voxels hold the same value: there is nothing to find", grid.path, {
      hint: "Check the file; `cosnet info` shows its values.",
    });
  const { x, y, z } = grid.sizeAngstrom;
  const [nz, ny, nx] = grid.fileShape;
  if (Math.min(x, y, z) < SURELY_AS_LARGE * narrowestAngstrom)
    throw new FormatError(
      `the tomogram is narrower than one particle of ${narrowestAngstrom.toFixed(0)} Å: ${nx} x ${ny} x ${nz} voxels of ${grid.fileVoxelSizeAngstrom} Å`,
      grid.path,
      { hint: "If the voxel size is wrong, give the true one with --voxel-size." },
    );
  if (maskPath !== undefined) await checkMask(maskPath, grid, search);
}

/** Embeds candidates, if wanted at the centroids of their masks. */
async function embedChosen(
  grid: TomogramGrid,
  chosen: readonly Candidate[],
  measured: Measured,
  { networks, search }: { readonly networks: Networks; readonly search: TomogramSearch },
) {
  const embed = (candidates: readonly Candidate[], stage: string, averaged = search.testTimeAveraging) =>
    embedAt({ grid, ...measured }, candidates, networks, { ...search, stage, testTimeAveraging: averaged });
  if (!search.recentre) return embed(chosen, "embedding candidates");
  const { candidates } = await embed(chosen, "centring", false);
  const largest = LARGEST_SHIFT_VOXELS * grid.voxelSizeAngstrom;
  const centred = candidates.map((candidate) => shifted(candidate, largest));
  return embed(centred, "embedding candidates");
}

export interface EmbedAtOptions extends Progress, Pick<SearchSettings, "testTimeAveraging" | "memory"> {
  readonly workFolder: string;
  readonly stage: string;
}

/** Candidates with their embeddings and shapes, which a later run finds in the work folder. @throws FileError, ModelError, AbortError. */
export async function embedAt(
  { grid, scale, adaptation }: Pick<SearchedTomogram, "grid" | "scale" | "adaptation">,
  candidates: readonly Candidate[],
  networks: Networks,
  options: EmbedAtOptions,
): Promise<{ readonly candidates: SearchedCandidate[]; readonly embedded: Embedded }> {
  const { testTimeAveraging: averaged, workFolder, memory } = options;
  const positions = candidates.map(({ positionAngstrom }) => positionAngstrom);
  const box = { model: networks.modelLabel, scale, adaptation, averaged, spectrum: ["around masks", SPECTRUM_LENGTH] };
  const notesPath = join(workFolder, `boxes-${shortHash({ ...box, positions, order: "depth" })}.f32`);
  const kept = `boxes ${workFolder} ${grid.voxelSizeAngstrom} ${shortHash(box)}`;
  const known = await recalled(memory, kept, async (): Promise<KnownBoxes> => new Map());
  const embedder = adaptedEmbedder(networks.embedder, adaptation);
  const embedding = { ...options, scale, notesPath, known };
  const { shapes, embedded } = await embedCandidates(grid, positions, embedder, embedding);
  return { embedded, candidates: candidates.map((candidate, i) => ({ ...candidate, ...shapes[i]! })) };
}

/** The box was cut at a whole voxel near the position; the centroid is taken from the position all the same, half a voxel matters little. */
function shifted({ offsetAngstrom: offset, ...candidate }: SearchedCandidate, largest: number): Candidate {
  const { x, y, z } = candidate.positionAngstrom;
  const limited = (value: number) => Math.max(-largest, Math.min(largest, value));
  return {
    ...candidate,
    positionAngstrom: { x: x + limited(offset.x), y: y + limited(offset.y), z: z + limited(offset.z) },
  };
}

/** What lists state of a tomogram, so that the next verb takes it to be the same. */
export function factsOf({ grid, contrast }: Pick<SearchedTomogram, "grid" | "contrast">): TomogramFacts {
  return { contrast: contrast.dark ? "dark" : "bright", voxelSizeAngstrom: grid.fileVoxelSizeAngstrom };
}

/** A list of particles of tomograms; it states a voxel size where that is the same for all. */
export function listInTomograms(
  particles: readonly Particle[],
  tomograms: readonly Pick<SearchedTomogram, "grid">[],
): ParticleList {
  const [first, ...others] = new Set(tomograms.map(({ grid }) => grid.fileVoxelSizeAngstrom));
  const voxelSizeAngstrom = others.length === 0 ? first : undefined;
  return {
    ...{ particles, origin: "first-voxel", voxelSizeAngstrom, warnings: [] },
    coordinatePixelSizeAngstrom: voxelSizeAngstrom,
  };
}
