/** The tables of the page that show what was measured. */
import { formatSnr, percent } from "../../../evaluate/index.js";
import { type DataCell, type DataTable, minus, noiseText, pointsText, signedText } from "../../../report/index.js";
import type { RobustnessReport } from "../../robustness/index.js";
import { cellOf, comparedEffects, diceOf, differenceText, tasksOf } from "../lookups.js";
import { paperAccuracy } from "../paper.js";
import type { ReproductionCell, ReproductionTables, ReproductionTask } from "../tables.js";

export function accuracyTable(tables: ReproductionTables): DataTable {
  const { columns, cells } = tables;
  return {
    head: ["accuracy in %", ...columns.map(({ name, training }) => (training ? name : `${name} (more data)`))],
    rows: tasksOf(cells).map((task) => {
      const here = columns.map(({ key }) => cellOf(tables, key, task));
      const sameData = here.filter((cell) => cell?.network !== "shipped");
      const best = Math.max(...sameData.map((cell) => cell?.accuracy ?? 0));
      return [
        taskName(task),
        ...here.map((cell) => (cell ? accuracyCell(cell, sameData.includes(cell) && cell.accuracy === best) : "–")),
      ];
    }),
  };
}

function accuracyCell({ network, way, snr, accuracy, ci95 }: ReproductionCell, strong: boolean): DataCell {
  const stated = paperAccuracy(network, way, snr);
  return {
    text: percent(accuracy),
    strong,
    note: rangeText(ci95),
    ...(stated && { stated: `paper ${stated}` }),
  };
}

export function differenceTable(tables: ReproductionTables): DataTable {
  const tasks = tasksOf(tables.comparisons);
  return {
    head: ["points", ...tasks.map(({ way, snr }) => `${way}-way ${snr === Infinity ? "no noise" : formatSnr(snr)}`)],
    rows: comparedEffects(tables, tasks).map(({ effect, found }) => [
      effect,
      ...found.map((comparison) => (comparison ? minus(differenceText(comparison)) : "–")),
    ]),
  };
}

export function diceTable(tables: ReproductionTables, snr: number): DataTable {
  const { masks, classes, means } = diceOf(tables, snr);
  const show = ({ before, after }: { before: number; after: number }): DataCell => ({
    before: `${before.toFixed(3)} → `,
    text: after.toFixed(3),
    strong: true,
  });
  return {
    head: ["Dice", ...masks.map(({ name }) => name)],
    rows: [
      ...classes.map(({ name, scores }) => [name, ...scores.map((row) => (row ? show(row) : "–"))]),
      ["mean", ...means.map(show)],
    ],
  };
}

/** Mean over draws of the examples with worst and best, for the tasks with the fewest and the most classes. */
export function spreadTable(tables: ReproductionTables): DataTable {
  const { columns, cells } = tables;
  const ways = cells.map(({ way }) => way);
  const shown = tasksOf(cells).filter(({ way }) => way === Math.min(...ways) || way === Math.max(...ways));
  return {
    head: ["accuracy in %", ...columns.map(({ name }) => name)],
    rows: shown.map((task) => [
      taskName(task),
      ...columns.map(({ key }) => {
        const cell = cellOf(tables, key, task);
        if (!cell) return "–";
        const { mean, minimum, maximum } = cell.spread;
        return { text: percent(mean), note: rangeText([minimum, maximum]) };
      }),
    ]),
  };
}

/** Accuracy and Dice of the shipped model under each condition with the change from clean. */
export function robustnessTable({ conditions, cells, dice }: RobustnessReport): DataTable {
  const clean = conditions[0]?.name ?? "";
  const tasks = tasksOf(cells);
  const snrs = [...new Set(dice.map(({ snr }) => snr))];
  const accuracyUnder = (condition: string, way: number, snr: number) =>
    cells.find((cell) => cell.condition === condition && cell.way === way && cell.snr === snr)?.accuracy ?? Number.NaN;
  const diceUnder = (condition: string, snr: number) =>
    dice.find((row) => row.condition === condition && row.snr === snr)?.dice ?? Number.NaN;
  return {
    head: ["condition", ...tasks.map(taskName), ...snrs.map((snr) => `Dice, ${noiseText(snr)}`)],
    rows: conditions.map(({ name, description }) => [
      { text: name, note: description },
      ...tasks.map(({ way, snr }): DataCell => {
        const own = accuracyUnder(name, way, snr);
        if (name === clean) return { text: percent(own), strong: true };
        return { text: percent(own), note: minus(pointsText(own - accuracyUnder(clean, way, snr))) };
      }),
      ...snrs.map((snr): DataCell => {
        const own = diceUnder(name, snr);
        if (name === clean) return { text: own.toFixed(3), strong: true };
        return { text: own.toFixed(3), note: minus(signedText(own - diceUnder(clean, snr), 3)) };
      }),
    ]),
  };
}

function taskName({ way, snr }: ReproductionTask): string {
  return `${way}-way, ${noiseText(snr)}`;
}

function rangeText([low, high]: readonly [number, number]): string {
  return `${percent(low)} to ${percent(high)}`;
}
