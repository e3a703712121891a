import { columnOf } from "./lookups.js";
import { isPaperNetwork } from "./paper.js";
import { OWN_NETWORK, type ReproductionComparison, type ReproductionTables } from "./tables.js";

/** Our network on the same data beside one form of the paper's, over all cells of Table 1. */
export interface ReproductionLead {
  readonly network: string;
  readonly name: string;
  readonly cells: number;
  /** Cells in which ours is the more accurate. */
  readonly won: number;
  /** Cells won at p < 0.05. */
  readonly wonClearly: number;
  /** Differences of accuracy, ours minus the paper's. */
  readonly smallest: number;
  readonly mean: number;
  readonly largest: number;
  /** Largest McNemar p of the cells won; 1 when none is. */
  readonly largestPValue: number;
  /** Lost cells, in the order of the table. */
  readonly lost: readonly ReproductionComparison[];
  /** Ours as a share of the form's: arithmetic of the whole training, volumes seen, arithmetic of one volume afterwards. */
  readonly trainingShare: number;
  readonly volumeShare: number;
  readonly inferenceShare: number;
}

/** A row for each form of the paper's network that ours was compared with, in the order of the columns. */
export function reproductionLeads(tables: ReproductionTables): readonly ReproductionLead[] {
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
      largestPValue: won.length === 0 ? 1 : Math.max(...won.map(({ pValue }) => pValue)),
      lost: cells.filter(({ difference }) => difference <= 0),
      trainingShare: own.training.trainingTeraflop / training.trainingTeraflop,
      volumeShare: own.training.volumes / training.volumes,
      inferenceShare: own.gigaflopPerVolume / gigaflopPerVolume,
    };
  });
}
