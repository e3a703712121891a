import { alignColumns, percent } from "./align-columns.js";
import type { ExampleSpread } from "./example-spread.js";
import { formatSnr, noiseText } from "./snr.js";

/** How much the accuracy of one task depends on which examples were drawn, the same ones for all particles. */
export interface BenchmarkSpread extends Omit<ExampleSpread, "byClass"> {
  readonly way: number;
  readonly shot: number;
  readonly snr: number;
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
  const shown = ({ mean, worst }: BenchmarkSpread["byClass"][number]) => `${percent(mean)} (${percent(worst)})`;
  const classRows = most[0].byClass.map((row, i) => [row.class, ...most.map(({ byClass }) => shown(byClass[i]))]);
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

/** A field of a table of comma-separated values. */
export function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
