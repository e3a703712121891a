/** Look-ups in the tables, for pages and texts. */
import type { PairedComparison } from "../../evaluate/index.js";
import { pointsText } from "../../report/index.js";
import { mean, type ReproductionTables, type ReproductionTask } from "./tables.js";

/** The distinct tasks of the cells: by number of classes, then from no noise to the most. */
export function tasksOf(cells: readonly ReproductionTask[]): ReproductionTask[] {
  return [...new Map(cells.map(({ way, snr }) => [`${way} ${snr}`, { way, snr }])).values()].sort(
    (a, b) => a.way - b.way || b.snr - a.snr,
  );
}

export function columnOf({ columns }: ReproductionTables, key: string) {
  return columns.find((column) => column.key === key);
}

export function cellOf({ cells }: Pick<ReproductionTables, "cells">, key: string, { way, snr }: ReproductionTask) {
  return cells.find((cell) => cell.network === key && cell.way === way && cell.snr === snr);
}

/** The effects that were compared, each with what was found for each of these tasks. */
export function comparedEffects({ comparisons }: ReproductionTables, tasks: readonly ReproductionTask[]) {
  return [...new Set(comparisons.map(({ effect }) => effect))].map((effect) => ({
    effect,
    found: tasks.map(({ way, snr }) =>
      comparisons.find((entry) => entry.effect === effect && entry.way === way && entry.snr === snr),
    ),
  }));
}

/** "+1.3**": a difference in percentage points with its significance. */
export function differenceText({ difference, pValue }: PairedComparison): string {
  return `${pointsText(difference)}${pValue < 0.001 ? "**" : pValue < 0.05 ? "*" : ""}`;
}

/** At one SNR: the columns with masks, the Dice of each class in them, and its mean over classes. */
export function diceOf({ columns, dice }: ReproductionTables, snr: number) {
  const masks = columns.filter(({ key }) => dice.some(({ network }) => network === key));
  const classes = [...new Set(dice.map((row) => row.class))];
  return {
    masks,
    classes: classes.map((name) => ({
      name,
      scores: masks.map(({ key }) =>
        dice.find((entry) => entry.network === key && entry.snr === snr && entry.class === name),
      ),
    })),
    means: masks.map(({ key }) => meanDice(dice, key, snr)),
  };
}

/** Mean Dice over classes of one network at one SNR; NaN when it has no masks. */
export function meanDice(dice: ReproductionTables["dice"], network: string, snr: number) {
  const own = dice.filter((row) => row.network === network && row.snr === snr);
  return { before: mean(own.map(({ before }) => before)), after: mean(own.map(({ after }) => after)) };
}
