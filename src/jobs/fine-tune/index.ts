export type { FineTuneEntry } from "./choice.js";
export { type FineTuneResult, fineTune } from "./fine-tune.js";
export type { FineTuneOptions } from "./options.js";
export type { HeldOutScores } from "./score.js";
