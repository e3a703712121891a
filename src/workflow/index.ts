export { benchmarkCsv, benchmarkText, reproductionText } from "../evaluate/index.js";
export type { FileKind } from "../files/disk/file-kind.js";
export { packageVersion } from "../files/disk/package-version.js";
export { DEFAULT_MODEL_PATH, type LoadedModel, loadModel } from "../files/model/classifier.js";
export { type BenchmarkReport, benchmark } from "../jobs/benchmark/benchmark.js";
export { type BenchmarkOptions, benchmarkDefaults } from "../jobs/benchmark/options.js";
export { type ClassifyOptions, type ClassifyResult, classify } from "../jobs/classify/classify.js";
export {
  type ChooseSupportsOptions,
  type ChosenSupports,
  chooseSupports,
  parseChoice,
} from "../jobs/cluster/choose.js";
export { type ClusterResult, cluster } from "../jobs/cluster/cluster.js";
export type { ClusterOptions } from "../jobs/cluster/options.js";
export { type ConvertOptions, type ConvertResult, convertFile } from "../jobs/convert/convert.js";
export { type CrfFitOptions, type CrfFitResult, type CrfFitRow, crfFitDefaults, fitCrf } from "../jobs/crf/fit.js";
export { type DemoOptions, type DemoResult, demo, demoDefaults } from "../jobs/demo/demo.js";
export { type EvaluatePicksResult, evaluatePicks } from "../jobs/evaluate/evaluate.js";
export type { EvaluatePicksOptions } from "../jobs/evaluate/options.js";
export type { FineTuneEntry } from "../jobs/fine-tune/choice.js";
export { type FineTuneResult, fineTune } from "../jobs/fine-tune/fine-tune.js";
export { type FineTuneOptions, fineTuneDefaults } from "../jobs/fine-tune/options.js";
export { type DescribeFileOptions, describeFile, type FileDescription } from "../jobs/info/info.js";
export { type PickOptions, pickDefaults } from "../jobs/pick/options.js";
export { type PickResult, pick } from "../jobs/pick/pick.js";
export { type ReproduceOptions, reproductionDefaults } from "../jobs/reproduce/plan.js";
export { type ReproduceResult, reproduce } from "../jobs/reproduce/reproduce.js";
export {
  type RobustnessCell,
  type RobustnessOptions,
  type RobustnessReport,
  robustness,
  robustnessDefaults,
} from "../jobs/robustness/robustness.js";
export { robustnessCsv, robustnessText } from "../jobs/robustness/table.js";
export type {
  CrfChoice,
  SegmentedClass,
  SegmentOptions,
  SegmentResult,
  SurfaceFormat,
} from "../jobs/segment/options.js";
export { segment } from "../jobs/segment/segment.js";
export {
  type SimulatedParticles,
  type SimulateParticlesOptions,
  simulateParticles,
} from "../jobs/simulate-particles/simulate-particles.js";
export {
  type SimulateTomogramOptions,
  type TomogramParameters,
  type TomogramPreset,
  tomogramPresets,
} from "../jobs/simulate-tomogram/options.js";
export { type SimulatedTomogram, simulateTomogram } from "../jobs/simulate-tomogram/simulate-tomogram.js";
export {
  type FetchedStructure,
  type FetchStructuresOptions,
  type FetchStructuresResult,
  fetchStructures,
} from "../jobs/structures/fetch.js";
export { type TrainOptions, trainDefaults } from "../jobs/train/options.js";
export { type TrainResult, train } from "../jobs/train/train.js";
export {
  type TrainDetectorOptions,
  type TrainDetectorResult,
  trainDetector,
  trainDetectorDefaults,
} from "../jobs/train-detector/train-detector.js";
export { breathe, type Progress, type ProgressReport, throwIfAborted } from "../progress.js";
