export { type ChooseExamplesOptions, type ChosenExamples, chooseExamples, parseChoice } from "./choose.js";
export { type ClusterResult, cluster } from "./cluster.js";
export type { ClusterOptions } from "./options.js";
