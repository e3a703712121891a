/** How the pages and texts find their way in the tables. */
import type { ReproductionDice, ReproductionTables, Task } from "./tables.js";

/** The distinct tasks of the cells: by number of classes, then from no noise to the most. */
export function tasksOf(cells: readonly Task[]): Task[] {
  return [...new Map(cells.map(({ way, snr }) => [`${way} ${snr}`, { way, snr }])).values()].sort(
    (a, b) => a.way - b.way || b.snr - a.snr,
  );
}

export function columnOf({ columns }: ReproductionTables, key: string) {
  return columns.find((column) => column.key === key);
}

export function cellOf({ cells }: Pick<ReproductionTables, "cells">, key: string, { way, snr }: Task) {
  return cells.find((cell) => cell.network === key && cell.way === way && cell.snr === snr);
}

/** The effects that were compared, each with what was found for each of these tasks. */
export function comparedEffects({ comparisons }: ReproductionTables, tasks: readonly Task[]) {
  return [...new Set(comparisons.map(({ effect }) => effect))].map((effect) => ({
    effect,
    found: tasks.map(({ way, snr }) =>
      comparisons.find((entry) => entry.effect === effect && entry.way === way && entry.snr === snr),
    ),
  }));
}

/** Of one noise level: the columns with masks, the Dice of each class in them, and its mean over classes. */
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

/** Mean over classes of one network at one SNR; NaN when it has no masks. */
export function meanDice(dice: readonly ReproductionDice[], network: string, snr: number) {
  const own = dice.filter((row) => row.network === network && row.snr === snr);
  return { before: mean(own.map(({ before }) => before)), after: mean(own.map(({ after }) => after)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
