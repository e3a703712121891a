import { alignColumns, formatSnr, percent, SNR_DEFINITION } from "../../evaluate/index.js";
import { pointsText, signedText } from "../../report/index.js";
import type { RobustnessCell, RobustnessReport } from "./robustness.js";

/** A table for each noise level: accuracy of every task under each condition with its change, and the mean Dice. */
export function robustnessText(report: RobustnessReport): string {
  const snrs = [...new Set(report.cells.map(({ snr }) => snr))];
  const meanings = report.conditions.map(({ name, description }) => [name, description]);
  const width = Math.max(...meanings.map(([name]) => name!.length));
  return [
    `Accuracy in % and mean Dice, with the change from clean; ${report.episodes} episodes a cell.\n"clean examples": particles under the condition, examples as in the plain benchmark.`,
    ...snrs.map((snr) => tableAt(report, snr)),
    `Conditions\n${meanings.map(([name, text]) => `  ${name!.padEnd(width)}  ${text}`).join("\n")}`,
    `SNR = ${SNR_DEFINITION}.`,
  ].join("\n\n");
}

/** One row a condition, noise level and task; the Dice is that of the condition and noise level; numbers unrounded. */
export function robustnessCsv({ cells, dice }: RobustnessReport): string {
  const lines = ["condition,snr,way,shot,accuracy,ci95_low,ci95_high,accuracy_clean_examples,dice"];
  for (const { condition, snr, way, shot, accuracy, ci95, accuracyCleanSupports } of cells) {
    const mask = dice.find((row) => row.snr === snr && row.condition === condition)?.dice ?? "";
    lines.push([condition, formatSnr(snr), way, shot, accuracy, ...ci95, accuracyCleanSupports, mask].join(","));
  }
  return `${lines.join("\n")}\n`;
}

function tableAt({ conditions, cells, dice }: RobustnessReport, snr: number): string {
  const at = cells.filter((cell) => cell.snr === snr);
  const tasks = [...new Set(at.map(taskName))];
  const find = (condition: string, task: string) =>
    at.find((cell) => cell.condition === condition && taskName(cell) === task)!;
  const diceOf = (condition: string) => dice.find((row) => row.snr === snr && row.condition === condition)?.dice;
  const clean = conditions[0]!.name;
  const hasDice = diceOf(clean) !== undefined;
  const rows = conditions.map(({ name }) => [
    name,
    ...tasks.flatMap((task) => {
      const [own, reference] = [find(name, task), find(clean, task)];
      if (name === clean) return [percent(own.accuracy), ""];
      return [own.accuracy, own.accuracyCleanSupports].map(
        (accuracy) => `${percent(accuracy)} (${pointsText(accuracy - reference.accuracy)})`,
      );
    }),
    ...(hasDice ? [diceText(diceOf(name)!, name === clean ? undefined : diceOf(clean)!)] : []),
  ]);
  const heading = [
    snr === Infinity ? "no noise" : `SNR ${formatSnr(snr)}`,
    ...tasks.flatMap((task) => [task, "clean examples"]),
    ...(hasDice ? ["Dice"] : []),
  ];
  return alignColumns([heading, ...rows]);
}

const taskName = ({ way, shot }: RobustnessCell): string => `${way}-way ${shot}-shot`;

function diceText(dice: number, reference: number | undefined): string {
  return reference === undefined ? dice.toFixed(3) : `${dice.toFixed(3)} (${signedText(dice - reference, 3)})`;
}
