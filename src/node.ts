/** cosnet for Node: the jobs behind the command line, with files. */

export { loadComplexes } from "./files/complexes/index.js";
export { loadModel, nodeRuntime } from "./files/model/index.js";
export { readParticleListFile, writeParticleListFile } from "./files/particles/index.js";
export { benchmark } from "./jobs/benchmark/index.js";
export { classify } from "./jobs/classify/index.js";
export { chooseSupports, cluster } from "./jobs/cluster/index.js";
export { convertFile } from "./jobs/convert/index.js";
export { fitCrf } from "./jobs/crf/index.js";
export { demo } from "./jobs/demo/index.js";
export { evaluatePicks } from "./jobs/evaluate/index.js";
export { fineTune } from "./jobs/fine-tune/index.js";
export { describeFile } from "./jobs/info/index.js";
export { reproduce } from "./jobs/reproduce/index.js";
export { robustness } from "./jobs/robustness/index.js";
export { segment } from "./jobs/segment/index.js";
export { simulateParticles } from "./jobs/simulate-particles/index.js";
export { simulateTomogram } from "./jobs/simulate-tomogram/index.js";
export { fetchStructures } from "./jobs/structures/index.js";
export { train } from "./jobs/train/index.js";
