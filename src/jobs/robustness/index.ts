export { type RobustnessOptions, type RobustnessReport, robustness } from "./robustness.js";
export { robustnessCsv, robustnessText } from "./table.js";
