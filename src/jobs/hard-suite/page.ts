import { formatSnr, percent } from "../../evaluate/index.js";
import type { Comparison, EpisodeAccuracy } from "./episodes/rows.js";
import type { PickingRow } from "./picking/rows.js";
import type { HardSuiteResult } from "./result.js";
import type { Spread } from "./spread.js";

const PICKING_COLUMNS = [
  ["detectionPrecision", "precision"],
  ["detectionRecall", "found"],
  ["detectionF1", "detection F1"],
  ["foundByProbability", "found at precision 0.9"],
  ["foundByDetection", "by detection score"],
  ["sphereDetectionF1", "sphere"],
  ["classF1", "class F1"],
  ["sphereClassF1", "sphere, class F1"],
  ["namedRight", "named right"],
  ["namedPrecision", "named precision"],
  ["offeredFound", "found and named"],
] as const satisfies readonly (readonly [keyof PickingRow["figures"], string])[];

const EPISODE_COLUMNS = [
  ["cosnet", "cosnet"],
  ["embeddings", "embeddings alone"],
  ["templateCorrelation", "template correlation"],
  ["radialProfile", "radial profile"],
  ["powerSpectrum", "power spectrum"],
] as const satisfies readonly (readonly [Comparison, string])[];

type PageData = Pick<
  HardSuiteResult,
  "version" | "model" | "detector" | "seed" | "classes" | "measured" | "picking" | "episodes" | "notRun"
>;

/** The tables as Markdown, without dates and paths: a run of the same version on the same data gives the same page. */
export function hardSuitePage(result: PageData): string {
  const sections = [
    introduction(result),
    measuredSection(result),
    tomogramSection(result),
    episodeSection(result),
    notRunSection(result),
  ];
  return `${sections.flat().join("\n\n")}\n`;
}

function introduction({ version, model, detector, seed, classes }: PageData): string[] {
  return [
    "# The hard suite",
    "What cosnet reaches where it is hard: on real data, on another group's simulations, in crowded tomograms, and on single particles in heavy noise, each beside simpler methods in the same run. Written by",
    `\`\`\`bash\ncosnet benchmark --suite hard --structures structures/ --data data/ --seed ${seed}\n\`\`\``,
    `with cosnet ${version}, model ${model}, detector ${detector}. The classes of the simulated parts are the structures ${classes.join(", ")}. Figures are means over draws of the examples ± standard deviation. So that all of it takes half an hour on two cores, there are three draws (five clicks on the microtubule), tomograms of 256 x 256 x 100 voxels, and 24 particles of each class in episodes.`,
  ];
}

function measuredSection({ measured }: PageData): string[] {
  if (measured.length === 0) return [];
  const rows = measured.map(({ set, figure, spread }) => [
    ...[set, figure],
    ...[String(spread?.draws ?? 0), spreadText(spread, 2)],
  ]);
  return ["## Measured data", tableText(["data", "figure", "draws", "mean"], rows)];
}

function tomogramSection({ picking }: PageData): string[] {
  const rows = picking.map((row) => [
    ...[row.part, String(row.shots)],
    ...PICKING_COLUMNS.map(([key]) => spreadText(row.figures[key])),
  ]);
  return [
    "## Whole tomograms",
    "The sphere is the template of the radius and cut-off that do best with the truth in hand, searched once. Found at precision 0.9: how much the candidates hold, picks or not, when they are ranked by the probability of being of any class, or by detection score alone, down to where 0.9 of them are particles; that cut-off is chosen with the truth in hand, too. Class F1: mean over the classes that have examples. Named right: of the particles found. Named precision: of the picks, how many are of the class that they are named as. Found and named: of the particles whose class has examples.",
    tableText(["tomograms", "examples", ...PICKING_COLUMNS.map(([, title]) => title)], rows),
  ];
}

function episodeSection({ episodes }: PageData): string[] {
  const rows = episodes.map(({ imaging, way, shot, snr, particlesPerClass, byComparison }) => [
    ...[imaging, String(way), String(shot), formatSnr(snr), String(particlesPerClass), percent(1 / way)],
    ...EPISODE_COLUMNS.map(([key]) => accuracyText(byComparison[key])),
  ]);
  const header = ["imaging", "ways", "examples", "SNR", "particles of each class", "by chance"];
  return [
    "## Single particles",
    "Accuracy of n-way-k-shot episodes in %, with its 95 % interval over 2000 episodes. Half of the particles are crowded. Varied imaging: tilts of 40 to 70 degrees about either axis, 1.5 to 8 µm underfocus or none, filters, 5 % wrong voxel sizes, 3 voxels off centre. Radial profile and power spectrum are means over shells, standardised over the particles and compared by their cosine. Template correlation takes the highest correlation over 600 orientations and shifts up to 30 Å at 40 Å resolution, both missing wedges left out, relative to the other classes of the episode; cosnet adds it to embeddings.",
    tableText([...header, ...EPISODE_COLUMNS.map(([, title]) => title)], rows),
  ];
}

function notRunSection({ notRun }: PageData): string[] {
  return notRun.length === 0 ? [] : ["## Not run", notRun.map((sentence) => `- ${sentence}`).join("\n")];
}

function spreadText(spread: Spread | null | undefined, digits = 3): string {
  if (!spread) return "";
  const { mean, deviation, draws } = spread;
  return draws > 1 ? `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}` : mean.toFixed(digits);
}

function accuracyText({ accuracy, ci95: [low, high] }: EpisodeAccuracy): string {
  return `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
}

function tableText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
