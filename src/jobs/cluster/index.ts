export {
  type ChooseExamplesOptions,
  type ChosenClass,
  type ChosenExamples,
  chooseExamples,
  parseChoice,
} from "./choose.js";
export { type ClusterResult, cluster } from "./cluster.js";
export type { ClusterOptions } from "./options.js";
export type { ClusterTruth } from "./truth.js";
