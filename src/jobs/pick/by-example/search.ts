/**
 * The search that the examples lead: what looks like one of them to the detector's encoder is a candidate, too, whether or not
 * the detector takes it for a particle. Nothing is trained for it.
 */
import { classSimilarities, joinEmbedded, likeCells, type Peak } from "../../../infer/index.js";
import type { Progress } from "../../../progress.js";
import type { Vector3 } from "../../../volume/index.js";
import {
  chooseCandidates,
  embedAt,
  LEAST_RADIUS_VOXELS,
  type SearchedTomogram,
  tomogramWorkFolder,
  withRadiusOfMask,
} from "../../search/index.js";
import type { PickScale } from "../scales.js";
import type { GreyEvidence } from "./grey-evidence.js";
import type { Lead, MeasuredTomogram } from "./lead.js";
import { type Filament, type Likeness, likenessToExamples } from "./likeness.js";
import { centre, createLook, type Look, oneEach, type Place, type Seen } from "./look.js";
import { remarkablePlaces } from "./remarkable.js";

/** Cells less like an example than this are not looked at. */
const LEAST_LIKENESS = 0.25;
/** A box less similar to its class than this, or to another one more, is none of its particles. */
const LEAST_SIMILARITY = 0.9;
/** Boxes after which the search ends if fewer than this share of them was of the class. */
const ROUND = 64;
const LEAST_SHARE = 0.1;
/** Boxes that are looked at in one tomogram: about half a minute on two cores. */
const MOST_BOXES = 3000;
/** Of boxes nearer than this, in voxels, the best is taken; a candidate of the detector this near has been found already. */
const SAME_VOXELS = 6;
/** Boxes are centred by steps of so many voxels. */
const STEPS_VOXELS = [3, 1.5] as const;

/** A tomogram with what looks like the examples, too. */
export interface SearchedByExamples {
  readonly searched: SearchedTomogram;
  readonly greys: GreyEvidence;
  /** Classes at whose examples there is nothing: they are not picked. */
  readonly empty: ReadonlySet<number>;
  /** Classes that are filaments, with what looks like them. */
  readonly filaments: ReadonlyMap<number, Filament>;
}

/**
 * The tomogram with further candidates, found by their likeness to the examples that lead. As it was where none does.
 * @throws FileError, ModelError, AbortError.
 */
export async function searchByExamples(
  tomogram: MeasuredTomogram,
  lead: Lead,
  scale: PickScale,
  { onProgress, signal }: Progress,
): Promise<SearchedByExamples> {
  const { searched, greys } = tomogram;
  const { networks, examples, settings } = scale;
  const start = performance.now();
  const { empty } = lead;
  const likeness = likenessToExamples(searched, lead, examples.supports.classCount);
  if (!likeness) return { searched, greys, empty, filaments: new Map() };
  const { filaments } = likeness;
  const classes = scale.classes.filter(({ label }) => !empty.has(label));
  const isNew = notFoundYet(searched, scale);
  const places = likePlaces(likeness, searched, classes).filter(isNew);
  const voxel = searched.grid.voxelSizeAngstrom;
  const workFolder = await tomogramWorkFolder(searched.grid.path, settings);
  const options = { workFolder, memory: settings.memory, signal };
  const look = createLook(tomogram, networks, examples.supports, options);
  const labels = classes.map(({ label }) => label);
  const remarkable = (await remarkablePlaces(tomogram, labels, { onProgress, signal })).filter(isNew);
  let centred = oneEach(await lookInTurn(places, look, onProgress), SAME_VOXELS * voxel);
  for (const step of STEPS_VOXELS) centred = await centre(centred, look, step * voxel);
  const seen = [...centred, ...(await lookInTurn(remarkable, look, onProgress))];
  const { candidates: chosen } = await chooseCandidates(seen.map(peakOf(voxel)), searched.grid, {
    ...{ ...settings, ...options, scale: searched.scale, minimumScore: 0, onProgress },
  });
  const stage = "embedding what looks like the examples";
  const found = await embedAt(searched, chosen, networks, { ...settings, ...options, stage, onProgress });
  const withAlike = {
    ...searched,
    candidates: [...searched.candidates, ...found.candidates.map((one) => withRadiusOfMask(one, searched.grid))],
    embedded: joinEmbedded([searched.embedded, found.embedded]),
    alike: found.candidates.length,
    seconds: { ...searched.seconds, alike: (performance.now() - start) / 1000 },
  };
  return { searched: withAlike, greys, empty, filaments };
}

/** Where the tomogram looks like its examples of the classes that this search is for, most alike first. */
function likePlaces(
  { map, maps }: Likeness,
  { grid: { voxelSizeAngstrom: voxel } }: SearchedTomogram,
  classes: PickScale["classes"],
): Place[] {
  const wanted = { classes: new Set(classes.map(({ label }) => label)), minimum: LEAST_LIKENESS };
  return likeCells(map, maps, wanted).map(({ positionVoxels: { x, y, z }, likeness, classIndex }) => {
    const positionAngstrom = { x: x * voxel, y: y * voxel, z: z * voxel };
    return { classIndex, candidate: { positionAngstrom, score: likeness, radiusAngstrom: 0 } };
  });
}

/** Whether the detector has no candidate of the same class at a place. */
function notFoundYet(
  { candidates, embedded, grid }: SearchedTomogram,
  { networks, examples: { supports } }: PickScale,
): (place: Place) => boolean {
  const { classCount } = supports;
  const similarities = classSimilarities(embedded, supports, networks.embedder.description);
  const near = SAME_VOXELS * grid.voxelSizeAngstrom;
  const found = Array.from({ length: classCount }, (): Vector3[] => []);
  for (const [i, { positionAngstrom }] of candidates.entries()) {
    const row = similarities.subarray(i * classCount, (i + 1) * classCount);
    const best = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (best >= LEAST_SIMILARITY) found[row.indexOf(best)]!.push(positionAngstrom);
  }
  return ({ candidate: { positionAngstrom: a }, classIndex }) =>
    !found[classIndex]!.some((b) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2 <= near ** 2);
}

/** Looks at the likest places until too few of them are of their class. */
async function lookInTurn(places: readonly Place[], look: Look, onProgress: Progress["onProgress"]): Promise<Seen[]> {
  const most = Math.min(places.length, MOST_BOXES);
  const passed: Seen[] = [];
  for (let start = 0; start < most; start += ROUND) {
    onProgress?.({ stage: "looking at what looks like the examples", done: start, total: most });
    const round = await look(places.slice(start, Math.min(most, start + ROUND)));
    const own = round.filter(({ similarity, isBest }) => isBest && similarity >= LEAST_SIMILARITY);
    for (const one of own) passed.push(one);
    if (own.length < LEAST_SHARE * round.length) break;
  }
  onProgress?.({ stage: "looking at what looks like the examples", done: most, total: most });
  return passed;
}

/** A place as the detector tells of its own: so border, mask, gold and spacing hold for it, too. */
const peakOf =
  (voxel: number) =>
  ({ candidate: { positionAngstrom: at, score } }: Place): Peak => ({
    positionVoxels: { x: at.x / voxel, y: at.y / voxel, z: at.z / voxel },
    score,
    radiusVoxels: LEAST_RADIUS_VOXELS,
  });
