export type { ReproduceOptions } from "./plan.js";
export { type ReproduceResult, reproduce } from "./reproduce.js";
export { reproductionText } from "./text.js";
