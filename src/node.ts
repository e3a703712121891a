/** cosnet for Node: the jobs behind the command line, with files. */

export { loadComplexes } from "./files/complexes/load.js";
export { loadModel } from "./files/model/classifier.js";
export { nodeRuntime } from "./files/model/onnx-runtime.js";
export { readParticleListFile, writeParticleListFile } from "./files/particles/list-file.js";
export { benchmark } from "./workflow/benchmark.js";
export { classify } from "./workflow/classify.js";
export { cluster } from "./workflow/cluster.js";
export { chooseSupports } from "./workflow/cluster-choose.js";
export { convertFile } from "./workflow/convert.js";
export { fitCrf } from "./workflow/crf-fit.js";
export { demo } from "./workflow/demo.js";
export { evaluatePicks } from "./workflow/evaluate-picks.js";
export { fetchStructures } from "./workflow/fetch-structures.js";
export { fineTune } from "./workflow/fine-tune.js";
export { describeFile } from "./workflow/info.js";
export { reproduce } from "./workflow/reproduce.js";
export { robustness } from "./workflow/robustness.js";
export { segment } from "./workflow/segment.js";
export { simulateParticles } from "./workflow/simulate-particles.js";
export { simulateTomogram } from "./workflow/simulate-tomogram.js";
export { train } from "./workflow/train.js";
