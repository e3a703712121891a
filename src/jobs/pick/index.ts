export { createSearchMemory, type FoundParticle, type FoundSoFar, type SearchMemory } from "../search/index.js";
export { type JudgedExample, judgeExamples } from "./by-example/index.js";
export {
  type FoundInTomogram,
  type FoundSource,
  findLead,
  forgetWork,
  gatherPicks,
  type PickLead,
  pickOneTomogram,
} from "./in-parts/index.js";
export type { StatedParticle } from "./listed/listed-particles.js";
export type { PickOptions } from "./options.js";
export type { PickedClass, PickResult, SearchSummary, TomogramSummary } from "./output.js";
export { pick } from "./pick.js";
