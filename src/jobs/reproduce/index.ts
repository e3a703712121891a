export type { NetworkArithmetic } from "./arithmetic.js";
export type { MeasuredAccuracy } from "./measure.js";
export type { PaperSize } from "./paper.js";
export type { ReproduceOptions, ReproductionSettings } from "./plan.js";
export { type ReproduceResult, reproduce } from "./reproduce.js";
export type {
  ReproductionCell,
  ReproductionColumn,
  ReproductionComparison,
  ReproductionDice,
  ReproductionTask,
} from "./tables.js";
export { reproductionText } from "./text.js";
export type { TrainedNetwork } from "./train.js";
