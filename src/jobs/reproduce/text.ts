import { alignColumns, formatSnr, percent, SNR_DEFINITION } from "../../evaluate/index.js";
import { noiseText, pointsText } from "../../report/index.js";
import { reproductionLeads } from "./leads.js";
import { cellOf, comparedEffects, diceOf, differenceText, tasksOf } from "./lookups.js";
import { diceSnrs, diceTableName, PAPER_ACCURACIES, PAPER_DICE } from "./paper.js";
import type { ReproductionTables } from "./tables.js";

/** All tables as plain text for a terminal; columns are numbered, with a legend first. */
export function reproductionText(tables: ReproductionTables): string {
  const number = (key: string) => `[${tables.columns.findIndex((column) => column.key === key) + 1}]`;
  const leads = leadsText(tables, number);
  return [
    `Columns\n${legend(tables, number)}`,
    `Table 1: one-shot accuracy in %, ± half the 95 % interval, ${tables.episodes} episodes a cell\n${accuracies(tables, number)}`,
    `Differences on the same episodes in points; * p < 0.05, ** p < 0.001 (McNemar)\n${differences(tables)}`,
    ...(leads ? [`cosnet on the same data minus each form of the paper's network, in points\n${leads}`] : []),
    ...diceSnrs(tables.dice).map((snr) => diceText(tables, snr, number)),
    `SNR = ${SNR_DEFINITION}.`,
  ].join("\n\n");
}

type Numbering = (key: string) => string;

function legend({ columns }: ReproductionTables, number: Numbering): string {
  return alignColumns([
    ["network", "GFLOP a volume", "volumes", "training TFLOP"],
    ...columns.map(({ key, name, gigaflopPerVolume, training }) => [
      `${number(key)} ${name}`,
      gigaflopPerVolume.toFixed(2),
      training ? String(training.volumes) : "-",
      training ? training.trainingTeraflop.toFixed(1) : "-",
    ]),
  ]);
}

function accuracies(tables: ReproductionTables, number: Numbering): string {
  const { columns } = tables;
  const stated = PAPER_ACCURACIES.filter(({ network }) => columns.some(({ key }) => key === network));
  return alignColumns([
    ["", ...columns.map(({ key }) => number(key)), "paper"],
    ...tasksOf(tables.cells).map((task) => [
      `${task.way}-way, ${noiseText(task.snr)}`,
      ...columns.map(({ key }) => {
        const cell = cellOf(tables, key, task);
        return cell ? `${percent(cell.accuracy)} ±${percent((cell.ci95[1] - cell.ci95[0]) / 2)}` : "-";
      }),
      stated
        .filter(({ way, snr }) => way === task.way && snr === task.snr)
        .map(({ network, text }) => `${number(network)} ${text}`)
        .join(", "),
    ]),
  ]);
}

function differences(tables: ReproductionTables): string {
  const tasks = tasksOf(tables.comparisons);
  return alignColumns([
    ["", ...tasks.map(({ way, snr }) => `${way}-way ${formatSnr(snr)}`)],
    ...comparedEffects(tables, tasks).map(({ effect, found }) => [
      effect,
      ...found.map((comparison) => (comparison ? differenceText(comparison) : "-")),
    ]),
  ]);
}

function leadsText(tables: ReproductionTables, number: Numbering): string | undefined {
  const leads = reproductionLeads(tables);
  if (leads.length === 0) return undefined;
  return alignColumns([
    ["", "cells won", "at p < 0.05", "smallest", "mean", "largest", "arithmetic", "volumes"],
    ...leads.map((lead) => [
      `${number(lead.network)} ${lead.name}`,
      `${lead.won} of ${lead.cells}`,
      String(lead.wonClearly),
      ...[lead.smallest, lead.mean, lead.largest].map(pointsText),
      ...[lead.trainingFraction, lead.volumeFraction].map((fraction) => `${percent(fraction)} %`),
    ]),
  ]);
}

function diceText(tables: ReproductionTables, snr: number, number: Numbering): string {
  const { masks, classes, means } = diceOf(tables, snr);
  const show = ({ before, after }: { before: number; after: number }) => `${before.toFixed(3)} -> ${after.toFixed(3)}`;
  const stated = PAPER_DICE.find((entry) => entry.snr === snr);
  const title = `${diceTableName(snr)}: mean Dice by class, ${noiseText(snr)}, before -> after the conditional random field`;
  const rows = alignColumns([
    ["", ...masks.map(({ key }) => number(key))],
    ...classes.map(({ name, scores }) => [name, ...scores.map((row) => (row ? show(row) : "-"))]),
    ["mean", ...means.map(show)],
  ]);
  return `${title}${stated ? `; paper: > ${stated.above} in every class` : ""}\n${rows}`;
}
