import { alignColumns, percent } from "./align-columns.js";
import { type BenchmarkSpread, quoted, spreadCsv, spreadText } from "./example-spread-table.js";
import { type Interval, mean } from "./intervals.js";
import { formatSnr, noiseText, SNR_DEFINITION } from "./snr.js";

/** One cell of the benchmark: accuracy of n-way-k-shot episodes at one signal-to-noise ratio (Infinity = no noise). */
export interface BenchmarkCell {
  readonly way: number;
  readonly shot: number;
  readonly snr: number;
  readonly accuracy: number;
  readonly ci95: Interval;
  readonly episodes: number;
}

/** Mean Dice of the masks of one class at one SNR, `before` and `after` refinement (equal when there is none). */
export interface BenchmarkDice {
  readonly class: string;
  readonly snr: number;
  readonly before: number;
  readonly after: number;
  readonly n: number;
}

/** Accuracy of one-shot episodes and Dice of masks, by task and signal-to-noise ratio. */
export interface BenchmarkResult {
  readonly cells: readonly BenchmarkCell[];
  readonly dice: readonly BenchmarkDice[];
  /** Where it was asked how much accuracy depends on the draw of examples. */
  readonly spread?: readonly BenchmarkSpread[];
}

/** The tables as aligned plain text for a terminal: accuracy by task and SNR, mean Dice by class and SNR. */
export function benchmarkText({ cells, dice, spread = [] }: BenchmarkResult): string {
  const blocks: string[] = [];
  if (cells.length > 0) {
    const snrs = distinct(cells.map((cell) => cell.snr));
    const tasks = distinct(cells.map(taskName));
    const rows = tasks.map((task) => [
      task,
      ...snrs.map((snr) => {
        const cell = cells.find((candidate) => candidate.snr === snr && taskName(candidate) === task);
        return cell ? `${percent(cell.accuracy)} [${percent(cell.ci95[0])}, ${percent(cell.ci95[1])}]` : "-";
      }),
    ]);
    const episodes = distinct(cells.map((cell) => cell.episodes)).join(" or ");
    blocks.push(
      `Accuracy in % [95 % interval], ${episodes} episodes a cell\n${alignColumns([["task", ...snrs.map(noiseText)], ...rows])}`,
    );
  }
  if (dice.length > 0) {
    const snrs = distinct(dice.map((row) => row.snr));
    const refined = dice.some((row) => row.before !== row.after);
    const show = (before: number, after: number) =>
      refined ? `${before.toFixed(3)} -> ${after.toFixed(3)}` : after.toFixed(3);
    const rows = distinct(dice.map((row) => row.class)).map((name) => [
      name,
      ...snrs.map((snr) => {
        const row = dice.find((candidate) => candidate.class === name && candidate.snr === snr);
        return row ? show(row.before, row.after) : "-";
      }),
    ]);
    const means = snrs.map((snr) => {
      const at = dice.filter((row) => row.snr === snr);
      return show(mean(at.map((row) => row.before)), mean(at.map((row) => row.after)));
    });
    blocks.push(
      `Mean Dice of the masks${refined ? ", before -> after refinement" : ""}\n${alignColumns([["class", ...snrs.map(noiseText)], ...rows, ["mean", ...means]])}`,
    );
  }
  if (spread.length > 0) blocks.push(spreadText(spread));
  return `${blocks.join("\n\n")}\n\nSNR = ${SNR_DEFINITION}.`;
}

/** The tables as comma-separated values, one after the other with an empty line between; numbers unrounded. */
export function benchmarkCsv({ cells, dice, spread = [] }: BenchmarkResult): string {
  const lines = ["way,shot,snr,accuracy,ci95_low,ci95_high,episodes"];
  for (const cell of cells)
    lines.push([cell.way, cell.shot, formatSnr(cell.snr), cell.accuracy, ...cell.ci95, cell.episodes].join(","));
  lines.push("", "class,snr,dice_before,dice_after,n");
  for (const row of dice) lines.push([quoted(row.class), formatSnr(row.snr), row.before, row.after, row.n].join(","));
  if (spread.length > 0) lines.push("", spreadCsv(spread).trimEnd());
  return `${lines.join("\n")}\n`;
}

function taskName(cell: BenchmarkCell): string {
  return `${cell.way}-way ${cell.shot}-shot`;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
