import { formatSnr } from "../../evaluate/index.js";
import type { PickingRow } from "./picking/rows.js";
import type { HardSuiteResult } from "./result.js";
import type { Spread } from "./spread.js";

const COLUMNS = [
  ["detectionPrecision", "precision"],
  ["detectionRecall", "found"],
  ["detectionF1", "detection F1"],
  ["sphereDetectionF1", "sphere"],
  ["classF1", "class F1"],
  ["sphereClassF1", "sphere, class F1"],
  ["namedRight", "named right"],
  ["namedPrecision", "named precision"],
  ["offeredFound", "found and named"],
] as const satisfies readonly (readonly [keyof PickingRow["figures"], string])[];

type PageData = Pick<
  HardSuiteResult,
  "version" | "model" | "detector" | "seed" | "classes" | "measured" | "picking" | "episodes" | "notRun"
>;

/** The tables as Markdown. */
export function hardSuitePage(result: PageData): string {
  const { version, model, detector, seed, classes, measured, picking, episodes, notRun } = result;
  const shots = (count: number) => String(count);
  return `${[
    "# The hard suite",
    `\`cosnet benchmark --suite hard --structures FOLDER --data FOLDER --seed ${seed}\` with cosnet ${version}; model ${model}; detector ${detector}.`,
    `Classes of the simulated parts: ${classes.join(", ")}.`,
    "## Measured data",
    "Mean over the draws of the examples ± standard deviation.",
    tableText(
      ["data", "figure", "draws", "mean"],
      measured.map(({ set, figure, spread }) => [set, figure, String(spread?.draws ?? 0), spreadText(spread, 2)]),
    ),
    "## Whole tomograms",
    "Mean over three draws of the examples ± standard deviation. The sphere is the template of the radius and cut-off that do best with the truth in hand, searched once. Named right: of the particles found. Named precision: of the picks, how many are of the class that they are named as. Found and named: of the particles whose class has examples.",
    tableText(
      ["tomograms", "examples", ...COLUMNS.map(([, title]) => title)],
      picking.map((row) => [row.part, shots(row.shots), ...COLUMNS.map(([key]) => spreadText(row.figures[key]))]),
    ),
    "## Single particles",
    "Accuracy of n-way-k-shot episodes, with its 95 % interval.",
    tableText(
      ["ways", "examples", "SNR", "accuracy", "chance"],
      episodes.map(({ way, shot, snr, accuracy, ci95 }) => [
        String(way),
        shots(shot),
        formatSnr(snr),
        `${accuracy.toFixed(3)} (${ci95[0].toFixed(3)} to ${ci95[1].toFixed(3)})`,
        (1 / way).toFixed(3),
      ]),
    ),
    "## Not run",
    notRun.map((sentence) => `- ${sentence}`).join("\n"),
  ].join("\n\n")}\n`;
}

function spreadText(spread: Spread | null | undefined, digits = 3): string {
  if (!spread) return "";
  const { mean, deviation, draws } = spread;
  return draws > 1 ? `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}` : mean.toFixed(digits);
}

function tableText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
