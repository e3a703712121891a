export type { PaperSize } from "./paper.js";
export type { ReproduceOptions, ReproductionSettings } from "./plan.js";
export { type ReproduceResult, reproduce } from "./reproduce.js";
export type { ReproductionCell, ReproductionColumn, ReproductionComparison, ReproductionDice } from "./tables.js";
export { reproductionText } from "./text.js";
export type { TrainedNetwork } from "./train.js";
