export { benchmarkCsv, benchmarkText } from "../evaluate/index.js";
export { type BenchmarkOptions, type BenchmarkReport, benchmark, benchmarkDefaults } from "./benchmark.js";
export { type DemoOptions, type DemoResult, demo, demoDefaults } from "./demo.js";
export { DEFAULT_MODEL_PATH, type LoadedModel, loadModel } from "./model-file.js";
export { packageVersion } from "./package-version.js";
export { breathe, type Progress, type ProgressReport, throwIfAborted } from "./progress.js";
export { type SimulatedParticles, type SimulateParticlesOptions, simulateParticles } from "./simulate-particles.js";
export { type TrainResult, train } from "./train.js";
export { type TrainOptions, trainDefaults } from "./training-options.js";
