/** The tables of the reproduction's page that show what was measured. */
import { formatSnr } from "../../../evaluate/index.js";
import type { DataCell, DataTable } from "../../../report/index.js";
import {
  differenceText,
  meanDice,
  noiseName,
  paperAccuracy,
  pointsText,
  type ReproductionCell,
  type ReproductionTables,
  tasksOf,
} from "../tables/tables.js";
import type { RobustnessFigures } from "./data.js";

export function accuracyTable({ columns, cells }: ReproductionTables): DataTable {
  return {
    head: ["accuracy in %", ...columns.map(({ name, training }) => (training ? name : `${name} (more data)`))],
    rows: tasksOf(cells).map(({ way, snr }) => {
      const here = cells.filter((cell) => cell.way === way && cell.snr === snr);
      const best = Math.max(...here.filter(({ network }) => network !== "shipped").map(({ accuracy }) => accuracy));
      return [
        `${way}-way, ${noiseName(snr)}`,
        ...columns.map(({ key }) => {
          const cell = here.find(({ network }) => network === key);
          return cell ? accuracyCell(cell, key !== "shipped" && cell.accuracy === best) : "–";
        }),
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

export function differenceTable({ comparisons }: ReproductionTables): DataTable {
  const tasks = tasksOf(comparisons);
  return {
    head: ["points", ...tasks.map(({ way, snr }) => `${way}-way ${snr === Infinity ? "no noise" : formatSnr(snr)}`)],
    rows: [...new Set(comparisons.map(({ effect }) => effect))].map((effect) => [
      effect,
      ...tasks.map(({ way, snr }) => {
        const found = comparisons.find((entry) => entry.effect === effect && entry.way === way && entry.snr === snr);
        return found ? minus(differenceText(found)) : "–";
      }),
    ]),
  };
}

export function diceTable({ columns, dice }: ReproductionTables, snr: number): DataTable {
  const masks = columns.filter(({ key }) => dice.some(({ network }) => network === key));
  const show = (before: number, after: number): DataCell => ({
    before: `${before.toFixed(3)} → `,
    text: after.toFixed(3),
    strong: true,
  });
  const classes = [...new Set(dice.map((row) => row.class))];
  return {
    head: ["Dice", ...masks.map(({ name }) => name)],
    rows: [
      ...classes.map((name) => [
        name,
        ...masks.map(({ key }) => {
          const row = dice.find((entry) => entry.network === key && entry.snr === snr && entry.class === name);
          return row ? show(row.before, row.after) : "–";
        }),
      ]),
      ["mean", ...masks.map(({ key }) => show(meanDice(dice, key, snr, "before"), meanDice(dice, key, snr, "after")))],
    ],
  };
}

/** Mean over draws of the examples with worst and best, for the tasks with the fewest and the most classes. */
export function spreadTable({ columns, cells }: ReproductionTables): DataTable {
  const ways = cells.map(({ way }) => way);
  const shown = tasksOf(cells).filter(({ way }) => way === Math.min(...ways) || way === Math.max(...ways));
  return {
    head: ["accuracy in %", ...columns.map(({ name }) => name)],
    rows: shown.map(({ way, snr }) => [
      `${way}-way, ${noiseName(snr)}`,
      ...columns.map(({ key }) => {
        const cell = cells.find((entry) => entry.network === key && entry.way === way && entry.snr === snr);
        if (!cell) return "–";
        const { mean, minimum, maximum } = cell.spread;
        return { text: percent(mean), note: rangeText([minimum, maximum]) };
      }),
    ]),
  };
}

/** Accuracy and Dice of the shipped model under each condition with the change from clean. */
export function robustnessTable({ conditions, cells, dice }: RobustnessFigures): DataTable {
  const clean = conditions[0]!.name;
  const tasks = tasksOf(cells);
  const snrs = [...new Set(dice.map(({ snr }) => snr))];
  const accuracy = (condition: string, way: number, snr: number) =>
    cells.find((cell) => cell.condition === condition && cell.way === way && cell.snr === snr)?.accuracy ?? Number.NaN;
  const diceOf = (condition: string, snr: number) =>
    dice.find((row) => row.condition === condition && row.snr === snr)?.dice ?? Number.NaN;
  return {
    head: [
      "condition",
      ...tasks.map(({ way, snr }) => `${way}-way, ${noiseName(snr)}`),
      ...snrs.map((snr) => `Dice, ${noiseName(snr)}`),
    ],
    rows: conditions.map(({ name, description }) => [
      { text: name, note: description },
      ...tasks.map(({ way, snr }): DataCell => {
        const own = accuracy(name, way, snr);
        if (name === clean) return { text: percent(own), strong: true };
        return { text: percent(own), note: minus(pointsText(own - accuracy(clean, way, snr))) };
      }),
      ...snrs.map((snr): DataCell => {
        const own = diceOf(name, snr);
        if (name === clean) return { text: own.toFixed(3), strong: true };
        return { text: own.toFixed(3), note: signedDice(own - diceOf(clean, snr)) };
      }),
    ]),
  };
}

function signedDice(change: number): string {
  const text = Math.abs(change).toFixed(3);
  return `${change < 0 && Number(text) > 0 ? "−" : "+"}${text}`;
}

function rangeText([low, high]: readonly [number, number]): string {
  return `${percent(low)} to ${percent(high)}`;
}

/** With the typographic sign. */
export function minus(text: string): string {
  return text.replace("-", "−");
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
