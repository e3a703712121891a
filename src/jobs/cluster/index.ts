export { type ChooseSupportsOptions, type ChosenSupports, chooseSupports, parseChoice } from "./choose.js";
export { type ClusterResult, cluster } from "./cluster.js";
export type { ClusterOptions } from "./options.js";
