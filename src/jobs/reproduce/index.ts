export { type ReproduceOptions, reproductionDefaults } from "./plan.js";
export { type ReproduceResult, reproduce } from "./reproduce.js";
export { reproductionText } from "./tables/text.js";
