export { chooseSupports, parseChoice } from "./choose.js";
export { type ClusterResult, cluster } from "./cluster.js";
