/** cosnet for Node: the jobs behind the command line, with files. */

export { loadComplexes } from "./files/complexes/load.js";
export { loadModel } from "./files/model/classifier.js";
export { nodeRuntime } from "./files/model/onnx-runtime.js";
export { readParticleListFile, writeParticleListFile } from "./files/particles/list-file.js";
export { benchmark } from "./jobs/benchmark/benchmark.js";
export { classify } from "./jobs/classify/classify.js";
export { chooseSupports } from "./jobs/cluster/choose.js";
export { cluster } from "./jobs/cluster/cluster.js";
export { convertFile } from "./jobs/convert/convert.js";
export { fitCrf } from "./jobs/crf/fit.js";
export { demo } from "./jobs/demo/demo.js";
export { evaluatePicks } from "./jobs/evaluate/evaluate.js";
export { fineTune } from "./jobs/fine-tune/fine-tune.js";
export { describeFile } from "./jobs/info/info.js";
export { reproduce } from "./jobs/reproduce/reproduce.js";
export { robustness } from "./jobs/robustness/robustness.js";
export { segment } from "./jobs/segment/segment.js";
export { simulateParticles } from "./jobs/simulate-particles/simulate-particles.js";
export { simulateTomogram } from "./jobs/simulate-tomogram/simulate-tomogram.js";
export { fetchStructures } from "./jobs/structures/fetch.js";
export { train } from "./jobs/train/train.js";
