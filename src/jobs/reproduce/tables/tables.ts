import type { Interval, PairedComparison } from "../../../evaluate/index.js";
import { formatSnr } from "../../../evaluate/index.js";
import { csvQuoted } from "../../../io/index.js";

/** One column of the reproduction's tables: a network and what it took. */
export interface ReproductionColumn {
  readonly key: string;
  readonly name: string;
  /** Name and checksum of the model file. */
  readonly model: string;
  readonly parameters: number;
  /** Of one volume through the network as it is used: embedding and, where there is a decoder, mask. */
  readonly gigaflopPerVolume: number;
  /** Absent for a model that was not trained for the reproduction. */
  readonly training?: {
    readonly batchClasses: number;
    readonly steps: number;
    readonly volumes: number;
    readonly peakLearningRate: number;
    /** Of all steps, forward and backward. */
    readonly trainingTeraflop: number;
    readonly hours: number;
    /** On procedural complexes; the state of the highest is the one that is measured. */
    readonly validationScore: number;
    readonly bestStep: number;
  };
}

export interface ReproductionCell {
  readonly network: string;
  readonly way: number;
  readonly snr: number;
  readonly accuracy: number;
  readonly ci95: Interval;
  /** With the same examples for all particles: mean, worst and best over draws of them. */
  readonly spread: { readonly mean: number; readonly minimum: number; readonly maximum: number };
}

export interface ReproductionComparison extends PairedComparison {
  readonly effect: string;
  readonly first: string;
  readonly second: string;
  readonly way: number;
  readonly snr: number;
}

export interface ReproductionDice {
  readonly network: string;
  readonly class: string;
  readonly snr: number;
  /** Means over the class's `n` particles, before and after the conditional random field. */
  readonly before: number;
  readonly after: number;
  readonly n: number;
}

export interface ReproductionTables {
  readonly columns: readonly ReproductionColumn[];
  readonly cells: readonly ReproductionCell[];
  readonly comparisons: readonly ReproductionComparison[];
  readonly dice: readonly ReproductionDice[];
  readonly episodes: number;
}

/** What the text of the paper states of its Table 1; its other figures are in no source that can be read offline. */
export const PAPER_ACCURACIES = [
  { network: "duse-scnn", way: 2, snr: 1000, text: "92.8" },
  { network: "duse-scnn-decoder", way: 2, snr: 1000, text: "93.9" },
  { network: "duse-scnn-decoder", way: 2, snr: 0.5, text: "> 80" },
] as const;

/** The paper's lower bounds of Dice over all test classes and ways, with DuSE, refined. */
export const PAPER_DICE = [
  { snr: Number.POSITIVE_INFINITY, above: 0.92 },
  { snr: 1000, above: 0.84 },
] as const;

/** The stated accuracy of one cell in percent, "" where there is none. */
export function paperAccuracy(network: string, way: number, snr: number): string {
  return PAPER_ACCURACIES.find((cell) => cell.network === network && cell.way === way && cell.snr === snr)?.text ?? "";
}

/** "no noise" or "SNR 0.5". */
export function noiseName(snr: number): string {
  return snr === Number.POSITIVE_INFINITY ? "no noise" : `SNR ${formatSnr(snr)}`;
}

/** The distinct (way, snr) of the cells in their order. */
export function tasksOf(
  cells: readonly Pick<ReproductionCell, "way" | "snr">[],
): { readonly way: number; readonly snr: number }[] {
  return [...new Map(cells.map(({ way, snr }) => [`${way} ${snr}`, { way, snr }])).values()].sort(
    (a, b) => a.way - b.way || b.snr - a.snr,
  );
}

/** Mean over classes of one network at one SNR; NaN when it has no masks. */
export function meanDice(
  dice: readonly ReproductionDice[],
  network: string,
  snr: number,
  when: "before" | "after",
): number {
  const own = dice.filter((row) => row.network === network && row.snr === snr);
  return own.reduce((sum, row) => sum + row[when], 0) / own.length;
}

/** The paper's Table 2 is at SNR 1000 and its Table 3 without noise. */
export function diceTableName(snr: number): string {
  if (snr === 1000) return "Table 2";
  return snr === Number.POSITIVE_INFINITY ? "Table 3" : "Beyond the paper";
}

/** Noise levels of the Dice tables in the paper's order of tables, then others. */
export function diceSnrs(dice: readonly ReproductionDice[]): number[] {
  const tables = ["Table 2", "Table 3", "Beyond the paper"];
  const place = (snr: number) => tables.indexOf(diceTableName(snr));
  return [...new Set(dice.map(({ snr }) => snr))].sort((a, b) => place(a) - place(b));
}

/** "+1.3**": difference in points with its significance. */
export function differenceText({ difference, pValue }: PairedComparison): string {
  const stars = pValue < 0.001 ? "**" : pValue < 0.05 ? "*" : "";
  return `${pointsText(difference)}${stars}`;
}

/** "+1.3": a difference of accuracies in points; one that rounds to nothing has no minus. */
export function pointsText(difference: number): string {
  const points = (100 * Math.abs(difference)).toFixed(1);
  return `${difference < 0 && Number(points) > 0 ? "-" : "+"}${points}`;
}

/** Files of comma-separated values, by name; numbers unrounded. */
export function reproductionCsv({
  columns,
  cells,
  comparisons,
  dice,
  episodes,
}: ReproductionTables): ReadonlyMap<string, string> {
  const nameOf = (key: string) => csvQuoted(columns.find((column) => column.key === key)?.name ?? key);
  const file = (header: string, rows: readonly (readonly (string | number)[])[]) =>
    `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
  return new Map([
    [
      "table1.csv",
      file(
        "network,way,snr,accuracy,ci95_low,ci95_high,episodes,paper_percent,worst_draw,best_draw",
        cells.map(({ network, way, snr, accuracy, ci95, spread }) => [
          nameOf(network),
          way,
          formatSnr(snr),
          accuracy,
          ...ci95,
          episodes,
          paperAccuracy(network, way, snr),
          spread.minimum,
          spread.maximum,
        ]),
      ),
    ],
    [
      "table1-paired.csv",
      file(
        "effect,first,second,way,snr,difference,only_first_right,only_second_right,p_value",
        comparisons.map(({ effect, first, second, way, snr, difference, onlyFirst, onlySecond, pValue }) => [
          csvQuoted(effect),
          nameOf(first),
          nameOf(second),
          way,
          formatSnr(snr),
          difference,
          onlyFirst,
          onlySecond,
          pValue,
        ]),
      ),
    ],
    [
      "tables2-3.csv",
      file(
        "network,class,snr,dice_before_crf,dice_after_crf,particles",
        dice.map((row) => [
          nameOf(row.network),
          csvQuoted(row.class),
          formatSnr(row.snr),
          row.before,
          row.after,
          row.n,
        ]),
      ),
    ],
  ]);
}
