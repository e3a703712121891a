import { alignColumns } from "./align-columns.js";
import { formatSnr, SNR_DEFINITION } from "./benchmark-table.js";
import type { Interval } from "./intervals.js";
import type { PairedComparison } from "./paired.js";

/** One column of the reproduction's tables: a network and what it took. */
export interface ReproductionColumn {
  readonly key: string;
  readonly name: string;
  /** Name and checksum of the model file. */
  readonly model: string;
  /** Absent for a model that was not trained for the reproduction. */
  readonly training?: {
    readonly parameters: number;
    readonly batchClasses: number;
    readonly steps: number;
    readonly volumes: number;
    readonly gigaflopPerVolume: number;
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

/** All tables as plain text for a terminal; columns are numbered, and explained first. */
export function reproductionText(tables: ReproductionTables): string {
  const { columns, cells, comparisons, dice, episodes } = tables;
  const number = (key: string) => `[${columns.findIndex((column) => column.key === key) + 1}]`;
  const legend = alignColumns([
    ["network", "GFLOP a volume", "volumes", "training TFLOP"],
    ...columns.map(({ key, name, training }) => [
      `${number(key)} ${name}`,
      training ? training.gigaflopPerVolume.toFixed(2) : "-",
      training ? String(training.volumes) : "-",
      training ? training.trainingTeraflop.toFixed(1) : "-",
    ]),
  ]);
  const table1 = alignColumns([
    ["", ...columns.map(({ key }) => number(key)), "paper"],
    ...tasksOf(cells).map(({ way, snr }) => [
      `${way}-way, ${noiseName(snr)}`,
      ...columns.map(({ key }) => {
        const cell = cells.find((entry) => entry.network === key && entry.way === way && entry.snr === snr);
        return cell ? `${percent(cell.accuracy)} ±${percent((cell.ci95[1] - cell.ci95[0]) / 2)}` : "-";
      }),
      PAPER_ACCURACIES.filter((stated) => stated.way === way && stated.snr === snr && number(stated.network) !== "[0]")
        .map(({ network, text }) => `${number(network)} ${text}`)
        .join(", "),
    ]),
  ]);
  const effects = [...new Set(comparisons.map(({ effect }) => effect))];
  const tasks = tasksOf(comparisons);
  const paired = alignColumns([
    ["", ...tasks.map(({ way, snr }) => `${way}-way ${formatSnr(snr)}`)],
    ...effects.map((effect) => [
      effect,
      ...tasks.map(({ way, snr }) => {
        const found = comparisons.find((entry) => entry.effect === effect && entry.way === way && entry.snr === snr);
        return found ? differenceText(found) : "-";
      }),
    ]),
  ]);
  const masks = columns.filter(({ key }) => dice.some(({ network }) => network === key));
  const classes = [...new Set(dice.map((row) => row.class))];
  const diceTables = diceSnrs(dice).map((snr) => {
    const rows = classes.map((name) => [
      name,
      ...masks.map(({ key }) => {
        const row = dice.find((entry) => entry.network === key && entry.snr === snr && entry.class === name);
        return row ? `${row.before.toFixed(3)} -> ${row.after.toFixed(3)}` : "-";
      }),
    ]);
    const means = masks.map(
      ({ key }) =>
        `${meanDice(dice, key, snr, "before").toFixed(3)} -> ${meanDice(dice, key, snr, "after").toFixed(3)}`,
    );
    const stated = PAPER_DICE.find((entry) => entry.snr === snr);
    return `${diceTableName(snr)}: mean Dice by class, ${noiseName(snr)}, before -> after the conditional random field${stated ? `; paper: > ${stated.above} in every class` : ""}\n${alignColumns([["", ...masks.map(({ key }) => number(key))], ...rows, ["mean", ...means]])}`;
  });
  return [
    `Columns\n${legend}`,
    `Table 1: one-shot accuracy in %, ± half the 95 % interval, ${episodes} episodes a cell\n${table1}`,
    `Differences on the same episodes in points; * p < 0.05, ** p < 0.001 (McNemar)\n${paired}`,
    ...diceTables,
    `SNR = ${SNR_DEFINITION}.`,
  ].join("\n\n");
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
  return `${difference >= 0 ? "+" : "-"}${percent(Math.abs(difference))}${stars}`;
}

/** Files of comma-separated values, by name; numbers unrounded. */
export function reproductionCsv({
  columns,
  cells,
  comparisons,
  dice,
  episodes,
}: ReproductionTables): ReadonlyMap<string, string> {
  const nameOf = (key: string) =>
    `"${columns.find((column) => column.key === key)?.name.replaceAll('"', '""') ?? key}"`;
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
          `"${effect}"`,
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
          `"${row.class.replaceAll('"', '""')}"`,
          formatSnr(row.snr),
          row.before,
          row.after,
          row.n,
        ]),
      ),
    ],
  ]);
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
