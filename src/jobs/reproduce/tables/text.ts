import { alignColumns, formatSnr, SNR_DEFINITION } from "../../../evaluate/index.js";
import { reproductionLeads } from "./leads.js";
import {
  diceSnrs,
  diceTableName,
  differenceText,
  meanDice,
  noiseName,
  PAPER_ACCURACIES,
  PAPER_DICE,
  pointsText,
  type ReproductionTables,
  tasksOf,
} from "./tables.js";

/** All tables as plain text for a terminal; columns are numbered, and explained first. */
export function reproductionText(tables: ReproductionTables): string {
  const { columns, cells, comparisons, dice, episodes } = tables;
  const number = (key: string) => `[${columns.findIndex((column) => column.key === key) + 1}]`;
  const legend = alignColumns([
    ["network", "GFLOP a volume", "volumes", "training TFLOP"],
    ...columns.map(({ key, name, gigaflopPerVolume, training }) => [
      `${number(key)} ${name}`,
      gigaflopPerVolume.toFixed(2),
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
  const leads = reproductionLeads(tables);
  const leadTable = alignColumns([
    ["", "cells won", "at p < 0.05", "smallest", "mean", "largest", "arithmetic", "volumes"],
    ...leads.map((lead) => [
      `${number(lead.network)} ${lead.name}`,
      `${lead.won} of ${lead.cells}`,
      String(lead.wonClearly),
      ...[lead.smallest, lead.mean, lead.largest].map(pointsText),
      ...[lead.trainingShare, lead.volumeShare].map((share) => `${percent(share)} %`),
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
    ...(leads.length > 0
      ? [`cosnet on the same data minus each form of the paper's network, in points\n${leadTable}`]
      : []),
    ...diceTables,
    `SNR = ${SNR_DEFINITION}.`,
  ].join("\n\n");
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
