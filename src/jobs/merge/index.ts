export { type MergeResult, mergeParticles } from "./merge.js";
export type { MergeOptions } from "./options.js";
