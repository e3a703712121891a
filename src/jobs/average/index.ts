export { average, FEWEST_PARTICLES } from "./average.js";
export type { AveragedClass, AverageOptions, AverageResult } from "./options.js";
export { SURFACE_FRACTION } from "./report.js";
