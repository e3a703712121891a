import { formatSnr } from "../../evaluate/index.js";
import { csvQuoted } from "../../io/index.js";
import { paperAccuracy } from "./paper.js";
import type { ReproductionTables } from "./tables.js";

/** Files of comma-separated values, by name; numbers unrounded. */
export function reproductionCsv(tables: ReproductionTables): ReadonlyMap<string, string> {
  const { columns, cells, comparisons, dice, episodes } = tables;
  const nameOf = (key: string) => csvQuoted(columns.find((column) => column.key === key)?.name ?? key);
  const table1 = cells.map(({ network, way, snr, accuracy, ci95, spread }) => [
    ...[nameOf(network), way, formatSnr(snr), accuracy, ...ci95, episodes],
    ...[paperAccuracy(network, way, snr), spread.minimum, spread.maximum],
  ]);
  const paired = comparisons.map(({ effect, first, second, way, snr, difference, onlyFirst, onlySecond, pValue }) => [
    ...[csvQuoted(effect), nameOf(first), nameOf(second), way, formatSnr(snr)],
    ...[difference, onlyFirst, onlySecond, pValue],
  ]);
  const masks = dice.map(({ network, class: name, snr, before, after, n }) => [
    ...[nameOf(network), csvQuoted(name), formatSnr(snr), before, after, n],
  ]);
  return new Map([
    [
      "table1.csv",
      csv("network,way,snr,accuracy,ci95_low,ci95_high,episodes,paper_percent,worst_draw,best_draw", table1),
    ],
    [
      "table1-paired.csv",
      csv("effect,first,second,way,snr,difference,only_first_right,only_second_right,p_value", paired),
    ],
    ["tables2-3.csv", csv("network,class,snr,dice_before_crf,dice_after_crf,particles", masks)],
  ]);
}

function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
}
