export { benchmarkCsv, benchmarkText, reproductionText } from "../evaluate/index.js";
export type { FileKind } from "../files/disk/file-kind.js";
export { packageVersion } from "../files/disk/package-version.js";
export { DEFAULT_MODEL_PATH, type LoadedModel, loadModel } from "../files/model/classifier.js";
export { breathe, type Progress, type ProgressReport, throwIfAborted } from "../progress.js";
export { type BenchmarkReport, benchmark } from "./benchmark.js";
export { type BenchmarkOptions, benchmarkDefaults } from "./benchmark-options.js";
export { type ClassifyOptions, type ClassifyResult, classify } from "./classify.js";
export { type ClusterResult, cluster } from "./cluster.js";
export {
  type ChooseSupportsOptions,
  type ChosenSupports,
  chooseSupports,
  parseChoice,
} from "./cluster-choose.js";
export type { ClusterOptions } from "./cluster-options.js";
export { type ConvertOptions, type ConvertResult, convertFile } from "./convert.js";
export { type CrfFitOptions, type CrfFitResult, type CrfFitRow, crfFitDefaults, fitCrf } from "./crf-fit.js";
export { type DemoOptions, type DemoResult, demo, demoDefaults } from "./demo.js";
export { type EvaluatePicksOptions, type EvaluatePicksResult, evaluatePicks } from "./evaluate-picks.js";
export {
  type FetchedStructure,
  type FetchStructuresOptions,
  type FetchStructuresResult,
  fetchStructures,
} from "./fetch-structures.js";
export { type FineTuneResult, fineTune } from "./fine-tune.js";
export type { FineTuneEntry } from "./fine-tune-choice.js";
export { type FineTuneOptions, fineTuneDefaults } from "./fine-tune-options.js";
export { type DescribeFileOptions, describeFile, type FileDescription } from "./info.js";
export { type PickResult, pick } from "./pick.js";
export { type PickOptions, pickDefaults } from "./pick-options.js";
export { type ReproduceResult, reproduce } from "./reproduce.js";
export { type ReproduceOptions, reproductionDefaults } from "./reproduce-plan.js";
export {
  type RobustnessCell,
  type RobustnessOptions,
  type RobustnessReport,
  robustness,
  robustnessDefaults,
} from "./robustness.js";
export { robustnessCsv, robustnessText } from "./robustness-table.js";
export { segment } from "./segment.js";
export type {
  CrfChoice,
  SegmentedClass,
  SegmentOptions,
  SegmentResult,
  SurfaceFormat,
} from "./segment-options.js";
export { type SimulatedParticles, type SimulateParticlesOptions, simulateParticles } from "./simulate-particles.js";
export { type SimulatedTomogram, simulateTomogram } from "./simulate-tomogram.js";
export {
  type SimulateTomogramOptions,
  type TomogramParameters,
  type TomogramPreset,
  tomogramPresets,
} from "./simulate-tomogram-options.js";
export { type TrainResult, train } from "./train.js";
export {
  type TrainDetectorOptions,
  type TrainDetectorResult,
  trainDetector,
  trainDetectorDefaults,
} from "./train-detector.js";
export { type TrainOptions, trainDefaults } from "./training-options.js";
