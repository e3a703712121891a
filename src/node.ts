/** cosnet for Node: the jobs behind the command line, with files. */
export { benchmark } from "./workflow/benchmark.js";
export { classify } from "./workflow/classify.js";
export { convertFile } from "./workflow/convert.js";
export { demo } from "./workflow/demo.js";
export { evaluatePicks } from "./workflow/evaluate-picks.js";
export { fetchStructures } from "./workflow/fetch-structures.js";
export { fineTune } from "./workflow/fine-tune.js";
export { describeFile } from "./workflow/info.js";
export { loadComplexes } from "./workflow/load-complexes.js";
export { loadModel } from "./workflow/model-file.js";
export { nodeRuntime } from "./workflow/onnx-runtime.js";
export { readParticleListFile, writeParticleListFile } from "./workflow/particle-list-file.js";
export { reproduce } from "./workflow/reproduce.js";
export { robustness } from "./workflow/robustness.js";
export { segment } from "./workflow/segment.js";
export { simulateParticles } from "./workflow/simulate-particles.js";
export { simulateTomogram } from "./workflow/simulate-tomogram.js";
export { train } from "./workflow/train.js";
