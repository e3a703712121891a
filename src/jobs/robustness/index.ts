export type { RobustnessCondition } from "./conditions.js";
export type { AfterProcessing } from "./processing.js";
export { type RobustnessCell, type RobustnessOptions, type RobustnessReport, robustness } from "./robustness.js";
export { robustnessCsv, robustnessText } from "./table.js";
