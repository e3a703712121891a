export { type EvaluatePicksResult, evaluatePicks } from "./evaluate.js";
export { meetTruth } from "./input.js";
export { scoredName } from "./lists.js";
export type { EvaluatePicksOptions } from "./options.js";
