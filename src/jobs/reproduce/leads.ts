import { columnOf } from "./lookups.js";
import { isPaperNetwork } from "./paper.js";
import { OWN_NETWORK, type ReproductionTables } from "./tables.js";

/** Our network trained on the same data beside one form of the paper's, over all cells of Table 1. */
export type ReproductionLead = ReturnType<typeof reproductionLeads>[number];

/**
 * A row for each form of the paper's network that ours was compared with, in the order of the columns: cells won and lost, and
 * differences of accuracy, ours minus the paper's. `wonClearly`: at p < 0.05. Fractions are ours divided by the form's.
 */
export function reproductionLeads(tables: ReproductionTables) {
  const { columns, comparisons } = tables;
  const own = columnOf(tables, OWN_NETWORK);
  return columns.flatMap(({ key, name, gigaflopPerVolume, training }) => {
    const cells = comparisons.filter(({ first, second }) => first === key && second === OWN_NETWORK);
    if (!isPaperNetwork(key) || cells.length === 0 || !training || !own?.training) return [];
    const won = cells.filter(({ difference }) => difference > 0);
    const differences = cells.map(({ difference }) => difference);
    return {
      network: key,
      name,
      cells: cells.length,
      won: won.length,
      wonClearly: won.filter(({ pValue }) => pValue < 0.05).length,
      smallest: Math.min(...differences),
      mean: differences.reduce((sum, difference) => sum + difference, 0) / cells.length,
      largest: Math.max(...differences),
      /** McNemar p of the cells won; 1 without any. */
      largestPValue: won.length === 0 ? 1 : Math.max(...won.map(({ pValue }) => pValue)),
      lost: cells.filter(({ difference }) => difference <= 0),
      /** Arithmetic of the whole training, volumes seen, arithmetic of one volume afterwards. */
      trainingFraction: own.training.trainingTeraflop / training.trainingTeraflop,
      volumeFraction: own.training.volumes / training.volumes,
      inferenceFraction: own.gigaflopPerVolume / gigaflopPerVolume,
    };
  });
}
