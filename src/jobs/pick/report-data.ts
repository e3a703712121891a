/** Pictures and figures for the page of `pick`. */
import { adaptedEmbedder, describeAdaptation, type Embedder } from "../../infer/index.js";
import { breathe, type Progress } from "../../progress.js";
import {
  chooseForGallery,
  type PickReportData,
  type PickReportTomogram,
  type ReportBox,
  type ReportParticle,
} from "../../report/index.js";
import { createVolume } from "../../volume/index.js";
import { contrastText, createBoxReader, type Networks } from "../search/index.js";
import type { Examples } from "./examples.js";
import type { PickedTomogram } from "./identify.js";
import type { PickSettings } from "./options.js";
import { reportSlices } from "./slices.js";

const GALLERY_BOXES = 96;
const KNOWN_FRACTION = "fraction of the candidates that are of the given classes, by their similarities";

/** A run before it is written. */
export interface PickRun {
  readonly settings: PickSettings;
  readonly networks: Networks;
  readonly examples: Examples;
  readonly tomograms: readonly PickedTomogram[];
  /** When it began, as `performance.now()` counts. */
  readonly start: number;
}

/** All of the page but what the run was. @throws FileError, AbortError. */
export async function reportData(run: PickRun): Promise<Omit<PickReportData, "run">> {
  const { settings, examples, tomograms } = run;
  const { embedder } = run.networks;
  const gallery = await reportGallery(tomograms, embedder, settings);
  const pages: PickReportTomogram[] = [];
  for (const tomogram of tomograms) pages.push(await reportTomogram(tomogram, settings));
  return {
    classes: examples.names
      .slice(0, examples.wantedClasses)
      .map((name, label) => ({ name, examples: exampleBoxes(examples, label, embedder) })),
    tomograms: pages,
    scores: tomograms.flatMap(({ candidates }) => candidates),
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

/** The examples of a class, with their masks as the network predicts them. */
function exampleBoxes({ boxes, supports }: Examples, label: number, { description }: Embedder): ReportBox[] {
  const { edge, voxelSizeAngstrom } = description;
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

async function reportTomogram(picked: PickedTomogram, { signal }: Progress): Promise<PickReportTomogram> {
  const { searched, candidates, openSet } = picked;
  const { grid, contrast, adaptation } = searched;
  const slices = await reportSlices(picked, { signal });
  const [fz, fy, fx] = grid.fileShape;
  const { neighbours, border, mask, gold } = searched.excluded;
  const left = [
    [neighbours, "too near to a better one"],
    [border, "too near to the border"],
    [mask, "outside the mask"],
    [gold, "gold"],
  ] as const;
  return {
    name: grid.path,
    facts: [
      ["size", `${fx} × ${fy} × ${fz} voxels of ${Number(grid.fileVoxelSizeAngstrom.toFixed(3))} Å`],
      ["searched at", `voxels of ${Number(grid.voxelSizeAngstrom.toFixed(2))} Å`],
      ["as measured", describeAdaptation(adaptation)],
      ["contrast", contrastText(contrast)],
      [
        "candidates",
        `${candidates.length} of ${searched.peaks} peaks${left.map(([n, why]) => (n > 0 ? `; ${n} left out: ${why}` : "")).join("")}`,
      ],
      ["picked", String(candidates.filter(({ accepted }) => accepted).length)],
      ...(openSet ? [[KNOWN_FRACTION, `${(100 * openSet.knownShare).toFixed(0)} %`] as const] : []),
    ],
    slices,
  };
}

/** Boxes and masks of picks worth a look: of each class the most and the least confident. */
async function reportGallery(
  tomograms: readonly PickedTomogram[],
  embedder: Embedder,
  { signal, onProgress }: Progress,
): Promise<ReportParticle[]> {
  const { edge, voxelSizeAngstrom } = embedder.description;
  const picks = tomograms.flatMap(({ searched, candidates }) =>
    candidates
      .filter(({ accepted }) => accepted)
      .map(({ classIndex, probability, margin, positionAngstrom }) => ({
        ...{ searched, positionAngstrom },
        score: { predictedClass: classIndex, probability, margin },
      })),
  );
  const scores = picks.map(({ score }) => score);
  const classes = new Set(scores.map(({ predictedClass }) => predictedClass)).size;
  const perClass = Math.max(2, Math.min(12, Math.floor(GALLERY_BOXES / Math.max(1, classes))));
  const chosen = chooseForGallery(scores, { perClass }).flatMap((index) => picks[index] ?? []);
  const particles: ReportParticle[] = [];
  for (const { searched, positionAngstrom, score } of chosen) {
    const { grid, scale, adaptation } = searched;
    onProgress?.({ stage: "drawing the report", done: particles.length, total: chosen.length });
    await breathe(signal);
    const box = await createBoxReader(grid, scale, edge)(positionAngstrom);
    const { masks } = await adaptedEmbedder(embedder, adaptation).embed(box, { signal });
    const { x, y, z } = positionAngstrom;
    particles.push({
      name: `${tomograms.length > 1 ? `${grid.path}: ` : ""}${x.toFixed(0)}, ${y.toFixed(0)}, ${z.toFixed(0)} Å`,
      box: { volume: createVolume([edge, edge, edge], voxelSizeAngstrom, box), mask: masks },
      ...score,
    });
  }
  return particles;
}
