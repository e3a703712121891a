import { alignColumns, percent } from "./align-columns.js";
import { formatSnr } from "./snr.js";

/** How much the accuracy of one task hangs on which examples were drawn. */
export interface BenchmarkSpread {
  readonly way: number;
  readonly shot: number;
  readonly snr: number;
  /** How often examples were drawn anew, each time the same for all particles. */
  readonly draws: number;
  readonly mean: number;
  readonly deviation: number;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
  /** By class of the particle: mean over the draws, and the worst draw. */
  readonly byClass: readonly { readonly class: string; readonly mean: number; readonly worst: number }[];
}

/** Both tables as aligned plain text: accuracy over draws of examples by task, and by class for the most ways. */
export function spreadText(spread: readonly BenchmarkSpread[]): string {
  const rows = spread.map((cell) => [
    `${cell.way}-way ${cell.shot}-shot, ${noiseText(cell.snr)}`,
    ...[cell.mean, cell.deviation, cell.minimum, cell.median, cell.maximum].map(percent),
  ]);
  const heading = ["task", "mean", "s.d.", "worst", "median", "best"];
  const mostWays = Math.max(...spread.map(({ way }) => way));
  const most = spread.filter(({ way }) => way === mostWays);
  const shown = (cell: BenchmarkSpread, index: number): string => {
    const { mean, worst } = cell.byClass[index];
    return `${percent(mean)} (${percent(worst)})`;
  };
  const classRows = most[0].byClass.map((row, index) => [row.class, ...most.map((cell) => shown(cell, index))]);
  const classHeading = ["class", ...most.map(({ shot, snr }) => `${shot}-shot, ${noiseText(snr)}`)];
  return [
    `Accuracy in % over ${spread[0].draws} draws of the examples, each the same for all particles\n${alignColumns([heading, ...rows])}`,
    `The same by class in ${mostWays} ways: mean (worst draw)\n${alignColumns([classHeading, ...classRows])}`,
  ].join("\n\n");
}

/** One row a task, then one row a task and class; numbers unrounded. */
export function spreadCsv(spread: readonly BenchmarkSpread[]): string {
  const lines = ["way,shot,snr,draws,mean,deviation,minimum,median,maximum"];
  for (const { way, shot, snr, draws, mean, deviation, minimum, median, maximum } of spread)
    lines.push([way, shot, formatSnr(snr), draws, mean, deviation, minimum, median, maximum].join(","));
  lines.push("", "class,way,shot,snr,mean,worst");
  for (const { way, shot, snr, byClass } of spread)
    for (const row of byClass)
      lines.push([quoted(row.class), way, shot, formatSnr(snr), row.mean, row.worst].join(","));
  return `${lines.join("\n")}\n`;
}

const noiseText = (snr: number): string => (snr === Infinity ? "no noise" : `SNR ${formatSnr(snr)}`);

/** A field of a table of comma-separated values. */
export function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
