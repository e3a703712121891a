/** What a run of `pick` leaves: report, figures and lists. */
import { join } from "node:path";
import { packageVersion, type StagedFiles } from "../../files/disk/index.js";
import { describeAdaptation } from "../../infer/index.js";
import { breathe, type JobResult } from "../../progress.js";
import { pickReport, type RunInformation } from "../../report/index.js";
import { contrastText, fileVoxelSizeText } from "../search/index.js";
import type { Examples } from "./examples.js";
import { writeLists } from "./lists.js";
import type { PickSettings } from "./options.js";
import type { PickedSearch, PickedTomogram } from "./picked-tomogram.js";
import { dependenceOf, type PickRun, reportData, searchText } from "./report/data.js";
import { lessProbable } from "./report/rejected.js";

/** What `pick` wrote, and how much it found. */
export interface PickResult extends JobResult {
  readonly picksPath: string;
  readonly candidatesPath: string;
  readonly csvPath: string;
  readonly picks: number;
  readonly candidates: number;
  readonly classes: readonly PickedClass[];
  readonly tomograms: readonly TomogramSummary[];
  /** What nobody has said of where the examples are. */
  readonly assumptions: readonly string[];
  readonly detector: string;
  /** Candidates of a class whose probability is below the cut-off: in `candidates.star`, not among the picks. */
  readonly lessProbable: { readonly count: number; readonly reason: string };
  readonly warnings: readonly string[];
}

/** How many picks a class has. */
export interface PickedClass {
  readonly name: string;
  readonly supports: number;
  readonly picks: number;
}

/** What `pick` measured and found in a tomogram. */
export interface TomogramSummary {
  readonly path: string;
  readonly picks: number;
  readonly candidates: number;
  /** Tilt geometry and noise as measured, and what was done about them. */
  readonly asMeasured: string;
  readonly contrast: string;
  readonly voxelSizeAngstrom: number;
  /** The same, and who says so. */
  readonly voxelSize: string;
  /** What an earlier run, stopped before its end, had done already. */
  readonly resumedTiles: number;
  /** One for each voxel size that the classes need. */
  readonly searches: readonly SearchSummary[];
}

/** A search of a tomogram for classes of like size. */
export interface SearchSummary {
  readonly voxelSizeAngstrom: number;
  readonly classes: readonly { readonly name: string; readonly diameterAngstrom: number | undefined }[];
  readonly candidates: number;
  readonly seconds: Readonly<Record<string, number>>;
  /** All of it in words. */
  readonly text: string;
}

/** Writes `report.html`, `picks.json` and the lists. @throws FileError, AbortError. */
export async function writeOutput(files: StagedFiles, pickRun: PickRun): Promise<PickResult> {
  const { settings, networks, examples, tomograms, start } = pickRun;
  const { seed, signal, outputFolder } = settings;
  const { modelLabel, detectorLabel } = networks;
  const facts = {
    ...settingsFacts(settings, networks.minimumScore),
    ...(examples.assumptions.length > 0 && { assumed: examples.assumptions.join("; ") }),
  };
  const run: RunInformation = {
    ...{ command: settings.command, seed, version: packageVersion() },
    model: modelsText(networks),
    durationSeconds: (performance.now() - start) / 1000,
    facts: Object.entries(facts).map(([name, value]) => [name, String(value)]),
  };
  const classes = classCounts(examples, tomograms);
  const summaries = tomograms.map(summaryOf);
  if (settings.report) await files.write("report.html", pickReport({ ...(await reportData(pickRun)), run }));
  // How much of the work an earlier run had done is no part of the result: a run that was stopped ends with the same files.
  const details = tomograms.map((tomogram, index) => {
    const { resumedTiles: _, ...summary } = summaries[index]!;
    return { ...summary, ...detailsOf(tomogram) };
  });
  const dependence = dependenceOf(examples, tomograms);
  const sidecar = {
    ...run,
    facts,
    classes,
    names: examples.names,
    tomograms: details,
    dependence,
    warnings: pickRun.warnings,
  };
  await files.write("picks.json", `${JSON.stringify(sidecar, null, 2)}\n`);
  const comments = listComments(pickRun);
  await writeLists(files, pickRun, comments);
  await breathe(signal);
  return {
    picksPath: join(outputFolder, "picks.star"),
    candidatesPath: join(outputFolder, "candidates.star"),
    csvPath: join(outputFolder, "picks.csv"),
    reportPath: join(outputFolder, "report.html"),
    picks: sum(summaries.map(({ picks }) => picks)),
    candidates: sum(summaries.map(({ candidates }) => candidates)),
    lessProbable: lessProbable(tomograms, settings),
    ...{ warnings: pickRun.warnings, assumptions: examples.assumptions },
    ...{ classes, tomograms: summaries, model: modelLabel, detector: detectorLabel, seed },
    seconds: (performance.now() - start) / 1000,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Examples and picks of each class that is looked for. */
/** What stands at the top of each list. */
export function listComments({ settings, networks, examples }: Pick<PickRun, "settings" | "networks" | "examples">) {
  return [
    `Picked by cosnet ${packageVersion()}: ${modelsText(networks)}, seed ${settings.seed}`,
    `Classes: ${examples.names.map((name, label) => `${label + 1} = ${name}`).join(", ")}; 0 = none of them`,
    "cosnetProbability: of being of the class; rlnAutopickFigureOfMerit: that times cosnetDetectionScore.",
  ];
}

function modelsText({ modelLabel, detectorLabel }: PickRun["networks"]): string {
  return `${modelLabel}; detector ${detectorLabel}`;
}

/** Of all classes that are looked for. */
export function classCounts(examples: Examples, tomograms: readonly PickedTomogram[]): PickedClass[] {
  const picks = tomograms.flatMap(({ candidates }) => candidates.filter(({ accepted }) => accepted));
  return examples.names.slice(0, examples.wantedClasses).map((name, label) => ({
    name,
    supports: examples.supports.labels.filter((other) => other === label).length,
    picks: picks.filter(({ classIndex }) => classIndex === label).length,
  }));
}

export function summaryOf({ searched, searches, candidates }: PickedTomogram): TomogramSummary {
  const { grid, contrast, adaptation } = searched;
  return {
    path: grid.path,
    picks: candidates.filter(({ accepted }) => accepted).length,
    candidates: candidates.length,
    asMeasured: describeAdaptation(adaptation),
    contrast: contrastText(contrast),
    voxelSizeAngstrom: grid.fileVoxelSizeAngstrom,
    voxelSize: fileVoxelSizeText(grid),
    resumedTiles: sum(searches.map((search) => search.searched.resumedTiles)),
    searches: searches.map(searchSummary),
  };
}

function searchSummary(search: PickedSearch): SearchSummary {
  const { searched, classes, examples } = search;
  return {
    voxelSizeAngstrom: searched.grid.voxelSizeAngstrom,
    classes: classes.map(({ label, diameterAngstrom }) => ({ name: examples.names[label]!, diameterAngstrom })),
    candidates: searched.candidates.length,
    seconds: searched.seconds,
    text: searchText(search),
  };
}

/** What `picks.json` says besides. */
function detailsOf({ searched, searches, acrossScales, cutOffs }: PickedTomogram) {
  return {
    shape: searched.grid.fileShape,
    ...{ acrossScales, cutOffs },
    searches: searches.map((search) => {
      const { greys, tiles, peaks, excluded } = search.searched;
      return { ...searchSummary(search), greys, tiles, peaks, excluded, openSet: search.openSet };
    }),
  };
}

/** What the answer was settled by. */
function settingsFacts(settings: PickSettings, minimumScore: number): Record<string, string | number | boolean> {
  const { examples, negatives, particles, particleDiameterAngstrom, imaging } = settings;
  return {
    examples: examples.join(" "),
    ...(negatives.length > 0 && { negatives: negatives.join(" ") }),
    ...(particles && { "particles of lists, in place of a search": particles.join(" ") }),
    ...(particleDiameterAngstrom !== undefined && { "diameter of the particles, Å": particleDiameterAngstrom }),
    ...(particles ? {} : searchFacts(settings, minimumScore)),
    "every particle is of one of the classes": settings.closedSet,
    "classes learn from the candidates": settings.learn,
    "cut-off of the probability": settings.cutOff ?? "0.5 at the border",
    "averaged over 180° rotations": settings.testTimeAveraging,
    "boxes centred again": settings.recentre,
    ...(Object.keys(imaging).length > 0 && { imaging: JSON.stringify(imaging) }),
  };
}

/** How the tomograms were searched. */
function searchFacts(settings: PickSettings, minimumScore: number): Record<string, string | number | boolean> {
  const { maskPath } = settings;
  return {
    "detection threshold": minimumScore,
    "least distance, in sums of radii": settings.spacing,
    ...(settings.filaments.length > 0 && { filaments: settings.filaments.join(", ") }),
    ...(settings.notFilaments.length > 0 && { "not filaments": settings.notFilaments.join(", ") }),
    ...(settings.filamentSpacingAngstrom !== undefined && {
      "least distance along filaments, Å": settings.filamentSpacingAngstrom,
    }),
    "border, Å": settings.borderAngstrom,
    ...(maskPath !== undefined && { mask: maskPath }),
    "gold left out": settings.excludeGold,
  };
}
