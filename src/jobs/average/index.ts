export { average } from "./average.js";
export type { AveragedClass, AverageOptions, AverageResult } from "./options.js";
