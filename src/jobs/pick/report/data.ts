/** Pictures and figures for the page of `pick`. */
import { countText } from "../../../count-text.js";
import { describeAdaptation } from "../../../infer/index.js";
import { breathe, type Progress } from "../../../progress.js";
import {
  chooseForGallery,
  type PickReportData,
  type PickReportTomogram,
  type ReportBox,
  type ReportParticle,
} from "../../../report/index.js";
import { createVolume } from "../../../volume/index.js";
import { contrastText, fileVoxelSizeText, type Networks } from "../../search/index.js";
import type { Examples } from "../examples.js";
import { boxOf } from "../masks.js";
import type { PickSettings } from "../options.js";
import type { FoundTomogram, PickedSearch, PickedTomogram } from "../picked-tomogram.js";
import type { PickScales } from "../scales.js";
import { lessProbable, positionTexts, rejectedCandidates } from "./rejected.js";
import { reportSlices } from "./slices.js";

const GALLERY_BOXES = 96;
/** Slices take half a megabyte each. */
const MOST_WITH_SLICES = 20;
const KNOWN_FRACTION = "fraction of the candidates that are of the given classes, by their similarities";

/** A run before it is written. */
export interface PickRun {
  readonly settings: PickSettings;
  readonly networks: Networks;
  readonly scales: PickScales;
  /** As the first scale has them; names and labels are the same at all. */
  readonly examples: Examples;
  readonly tomograms: readonly PickedTomogram[];
  /** All that was said, in order. */
  readonly warnings: readonly string[];
  /** When it began, as `performance.now()` counts. */
  readonly start: number;
}

/** All of the page but what the run was. @throws FileError, AbortError. */
export async function reportData(run: PickRun): Promise<Omit<PickReportData, "run">> {
  const { settings, scales, examples, tomograms } = run;
  const gallery = await reportGallery(tomograms, settings);
  const pages: PickReportTomogram[] = [];
  for (const [i, tomogram] of tomograms.entries())
    pages.push(await reportTomogram(tomogram, settings, i < MOST_WITH_SLICES));
  return {
    warnings: run.warnings,
    lessProbable: lessProbable(tomograms, settings),
    classes: examples.names
      .slice(0, examples.wantedClasses)
      .map((name, label) => ({ name, examples: exampleBoxes(scales, label) })),
    tomograms: pages,
    scores: tomograms.flatMap(({ candidates }) => candidates),
    rejected: rejectedCandidates(tomograms, settings),
    cutOffs: pooledCutOffs(tomograms),
    dependence: dependenceOf(examples, tomograms),
    gallery,
    outputs: [
      ["what was picked: class, probability, score, size", "picks.star, picks.csv"],
      ["every candidate", "candidates.star"],
      ...(settings.masks ? ([["masks of the picks", "masks/"]] as const) : []),
      ["what was run, and all figures", "picks.json"],
    ],
  };
}

/** The examples of a class at the voxels that suit its size, with their masks as the network predicts them. */
function exampleBoxes(scales: PickScales, label: number): ReportBox[] {
  const own = scales.find(({ classes }) => classes.some((one) => one.label === label)) ?? scales[0];
  const { boxes, supports } = own.examples;
  const { edge, voxelSizeAngstrom } = own.networks.embedder.description;
  return boxes.flatMap(({ volume }, i) => {
    if (supports.labels[i] !== label) return [];
    const mask = supports.embedded.masks?.subarray(i * edge ** 3, (i + 1) * edge ** 3);
    return [{ volume: createVolume([edge, edge, edge], voxelSizeAngstrom, volume), mask }];
  });
}

/** What depends on each example, in each tomogram. */
export function dependenceOf({ boxes, supports }: Examples, tomograms: readonly PickedTomogram[]) {
  return tomograms.flatMap(({ searched, dependence }) =>
    dependence.map(({ example, ...rest }) => ({
      source: `${boxes[example]!.source}${tomograms.length > 1 ? ` (for ${searched.grid.path})` : ""}`,
      classIndex: supports.labels[example]!,
      ...rest,
    })),
  );
}

/** The tables of several tomograms as one. */
function pooledCutOffs(tomograms: readonly PickedTomogram[]): PickReportData["cutOffs"] {
  const tables = tomograms.map(({ cutOffs }) => cutOffs);
  const [first = [], ...others] = tables;
  if (others.length === 0) return first;
  return first.map(({ cutOff }, row) => {
    const rows = tables.flatMap((table) => table[row] ?? []).filter((each) => each.kept > 0);
    const total = (of: (each: (typeof rows)[number]) => number) => rows.reduce((sum, each) => sum + of(each), 0);
    const kept = total((each) => each.kept);
    const right = total((each) => each.kept * each.expectedPrecision);
    const findable = total((each) => (each.kept * each.expectedPrecision) / each.expectedRecall);
    return { cutOff, kept, expectedPrecision: right / kept, expectedRecall: right / findable };
  });
}

async function reportTomogram(
  picked: PickedTomogram,
  { particles, signal }: Pick<PickSettings, "particles" | "signal">,
  isDrawn: boolean,
): Promise<PickReportTomogram> {
  const { searched, searches, candidates, acrossScales } = picked;
  const { grid, contrast, adaptation } = searched;
  const withoutSlices =
    candidates.length === 0
      ? "There is no candidate, so there are no pictures: the warnings at the top say what to try."
      : isDrawn
        ? undefined
        : `Slices are drawn of the first ${MOST_WITH_SLICES} tomograms alone, so that the page stays usable.`;
  const slices = withoutSlices === undefined ? await reportSlices(picked, { signal }) : [];
  const [fz, fy, fx] = grid.fileShape;
  const total = (count: (search: FoundTomogram) => number) =>
    searches.reduce((sum, search) => sum + count(search.searched), 0);
  const places = particles ? "particles of the lists" : "peaks";
  const left = [
    [total(({ excluded }) => excluded.neighbours), "too near to a better one"],
    [acrossScales, "on a better one that was found in another way"],
    [total(({ excluded }) => excluded.border), "too near to the border"],
    [total(({ excluded }) => excluded.mask), "outside the mask"],
    [total(({ excluded }) => excluded.gold), "gold"],
  ] as const;
  return {
    name: grid.path,
    facts: [
      ["size", `${fx} × ${fy} × ${fz} voxels of ${fileVoxelSizeText(grid)}`],
      ...searches.map((search) => ["searched at", searchText(search)] as const),
      ["as measured", describeAdaptation(adaptation)],
      ["contrast", contrastText(contrast)],
      [
        "candidates",
        `${candidates.length} of ${total(({ peaks, alike }) => peaks + alike)} ${places}${left.map(([n, why]) => (n > 0 ? `; ${n} left out: ${why}` : "")).join("")}`,
      ],
      ["picked", String(candidates.filter(({ accepted }) => accepted).length)],
      ...searches.flatMap(({ openSet }) =>
        openSet ? [[KNOWN_FRACTION, `${(100 * openSet.knownShare).toFixed(0)} %`] as const] : [],
      ),
    ],
    ...{ slices, withoutSlices },
  };
}

/** At which voxels, for which classes, and how long it took. */
export function searchText({ searched, classes, examples, filaments }: PickedSearch): string {
  const seconds = Object.values(searched.seconds).reduce((sum, each) => sum + each, 0);
  const sized = classes.map(({ label, diameterAngstrom }) => {
    const filament = filaments.get(label);
    const size = diameterAngstrom === undefined ? "size unknown" : `${diameterAngstrom.toFixed(0)} Å`;
    return `${examples.names[label]} (${filament ? `a filament, ${filament.reason}` : size})`;
  });
  const voxels = `voxels of ${Number(searched.grid.voxelSizeAngstrom.toFixed(2))} Å`;
  const candidates = countText(searched.candidates.length, "candidate");
  const alike = searched.alike > 0 ? `, ${searched.alike} of them by their likeness to the examples` : "";
  return `${voxels} for ${sized.join(", ")}: ${candidates} in ${seconds.toFixed(0)} s${alike}`;
}

/** Boxes and masks of picks worth a look: of each class the most and the least confident. */
async function reportGallery(
  tomograms: readonly PickedTomogram[],
  { signal, onProgress }: Progress,
): Promise<ReportParticle[]> {
  const picks = tomograms.flatMap(({ candidates }) => candidates.filter(({ accepted }) => accepted));
  const scores = picks.map(({ classIndex, probability, margin }) => ({
    predictedClass: classIndex,
    ...{ probability, margin },
  }));
  const classes = new Set(scores.map(({ predictedClass }) => predictedClass)).size;
  const perClass = Math.max(2, Math.min(12, Math.floor(GALLERY_BOXES / Math.max(1, classes))));
  const chosen = chooseForGallery(scores, { perClass });
  const particles: ReportParticle[] = [];
  for (const index of chosen) {
    const candidate = picks[index]!;
    onProgress?.({ stage: "drawing the report", done: particles.length, total: chosen.length });
    await breathe(signal);
    const { position, voxel } = positionTexts(candidate);
    const { path } = candidate.search.searched.grid;
    particles.push({
      name: `${tomograms.length > 1 ? `${path}: ` : ""}voxel ${voxel}; ${position} Å`,
      box: await boxOf(candidate, { signal }),
      ...scores[index]!,
    });
  }
  return particles;
}
