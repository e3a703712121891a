/**
 * cosnet for Node: what needs files. Every job of the command line is a function here, with its options and its result as
 * types; it reports through `onProgress`, stops by `signal`, and prints nothing.
 *
 * Find and identify the particles of a tomogram from one example per class, then segment them:
 *
 * ```ts
 * import { pick, segment } from "cosnet/node";
 *
 * const { picks, picksPath } = await pick({
 *   tomogramPaths: ["tomogram.mrc"],
 *   examples: ["examples.star"],
 *   outputFolder: "picks",
 * });
 * console.log(picks, "particles");
 * await segment({ tomogramPath: "tomogram.mrc", particlesPath: picksPath, outputFolder: "shapes" });
 * ```
 *
 * Or step by step, with the numbers in between. Embeddings of the particles of a list, as `classify` works them out:
 *
 * ```ts
 * import { adaptedEmbedder, measureAdaptation } from "cosnet";
 * import { loadModel, readParticleBoxes } from "cosnet/node";
 *
 * const { embedder } = await loadModel();
 * const { volumes } = await readParticleBoxes("particles.star", embedder.description);
 * const adapted = adaptedEmbedder(embedder, measureAdaptation(volumes, embedder.description.edge));
 * const { embeddings, size, masks } = await adapted.embed(volumes);
 * await embedder.release();
 * ```
 *
 * @module cosnet/node
 */

export type { Distribution, SphereBaseline } from "./evaluate/index.js";
export { type ComplexSource, type LoadComplexesOptions, loadComplexes } from "./files/complexes/index.js";
export type { FileContent, FileKind, StageTime } from "./files/disk/index.js";
export {
  type DeviceChoice,
  type LoadedDetector,
  type LoadedModel,
  type LoadOptions,
  loadDetector,
  loadModel,
  nodeRuntime,
} from "./files/model/index.js";
export {
  type HandOver,
  type HandOverOptions,
  handOver,
  type OpenSubtomogramsOptions,
  openParticleBoxes,
  openSubtomograms,
  type ParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  type ParticleListFile,
  type ParticleSubtomogram,
  type ReadParticleListFileOptions,
  readParticleBoxes,
  readParticleListFile,
  type SubtomogramReader,
  type TomogramsStar,
  type WeightSource,
  type WriteParticleListFileOptions,
  type WrittenParticleListFile,
  writeParticleListFile,
} from "./files/particles/index.js";
export {
  type OpenTomogramOptions,
  openTomogram,
  type ReadVolumeFileOptions,
  readVolumeFile,
  type StatedVoxelSize,
  type Tomogram,
  type VolumeFile,
} from "./files/tomogram/index.js";
export type { CrfChoice, TileAnswer, TileDetector } from "./infer/index.js";
export type { VolumeFileFormat, VolumeFormat } from "./io/index.js";
export { type AlignOptions, type AlignResult, align } from "./jobs/align/index.js";
export { type AveragedClass, type AverageOptions, type AverageResult, average } from "./jobs/average/index.js";
export {
  type BatchFailure,
  type BatchRecipe,
  type BatchResult,
  type BatchRunOptions,
  batch,
  type SlurmSettings,
} from "./jobs/batch/index.js";
export { type BenchmarkOptions, type BenchmarkReport, benchmark } from "./jobs/benchmark/index.js";
export {
  type CalibrateOptions,
  type CalibrateResult,
  type CalibrationRow,
  calibrate,
} from "./jobs/calibrate/index.js";
export { type ClassifyOptions, type ClassifyResult, classify, type ExampleAgreement } from "./jobs/classify/index.js";
export {
  type ChooseExamplesOptions,
  type ChosenClass,
  type ChosenExamples,
  type ClusterOptions,
  type ClusterResult,
  type ClusterTruth,
  chooseExamples,
  cluster,
} from "./jobs/cluster/index.js";
export { type ConvertOptions, type ConvertResult, convertFile } from "./jobs/convert/index.js";
export { type CrfFitOptions, type CrfFitResult, type CrfFitRow, fitCrf } from "./jobs/crf/index.js";
export { type DemoOptions, type DemoResult, demo } from "./jobs/demo/index.js";
export { type EvaluatePicksOptions, type EvaluatePicksResult, evaluatePicks } from "./jobs/evaluate/index.js";
export {
  type FilterOptions,
  type FilterResult,
  filterParticles,
  type ListToListOptions,
  type Region,
} from "./jobs/filter/index.js";
export {
  type FineTuneEntry,
  type FineTuneOptions,
  type FineTuneResult,
  fineTune,
  type HeldOutScores,
} from "./jobs/fine-tune/index.js";
export {
  type Comparison,
  type EpisodeAccuracy,
  type EpisodeRow,
  type HardSuiteOptions,
  type HardSuiteResult,
  hardSuite,
  type MeasuredRow,
  type PickingFigures,
  type PickingRow,
  type Spread,
} from "./jobs/hard-suite/index.js";
export { type DescribeFileOptions, describeFile, type FileDescription } from "./jobs/info/index.js";
export { type MaskRefinement, type RefinedMasks, type RefineMasksOptions, refineMasks } from "./jobs/masks/index.js";
export { type MergeOptions, type MergeResult, mergeParticles } from "./jobs/merge/index.js";
export {
  createSearchMemory,
  type FoundParticle,
  type FoundSoFar,
  type PickedClass,
  type PickOptions,
  type PickResult,
  pick,
  type SearchMemory,
  type SearchSummary,
  type TomogramSummary,
} from "./jobs/pick/index.js";
export { type MeasureRangesOptions, type MeasureRangesResult, measureRanges } from "./jobs/ranges/index.js";
export {
  type MeasuredAccuracy,
  type NetworkArithmetic,
  type PaperSize,
  type ReproduceOptions,
  type ReproduceResult,
  type ReproductionCell,
  type ReproductionColumn,
  type ReproductionComparison,
  type ReproductionDice,
  type ReproductionSettings,
  type ReproductionTask,
  reproduce,
  type TrainedNetwork,
} from "./jobs/reproduce/index.js";
export {
  type AfterProcessing,
  type RobustnessCell,
  type RobustnessCondition,
  type RobustnessOptions,
  type RobustnessReport,
  robustness,
} from "./jobs/robustness/index.js";
export {
  type SegmentedClass,
  type SegmentOptions,
  type SegmentResult,
  type SurfaceFormat,
  segment,
} from "./jobs/segment/index.js";
export {
  type SimulatedParticles,
  type SimulateParticlesOptions,
  simulateParticles,
} from "./jobs/simulate-particles/index.js";
export {
  type SimulatedTomogram,
  type SimulateTomogramOptions,
  type SubtomogramOptions,
  simulateTomogram,
  type TomogramParameters,
} from "./jobs/simulate-tomogram/index.js";
export {
  type FetchedStructure,
  type FetchStructuresOptions,
  type FetchStructuresResult,
  fetchStructures,
} from "./jobs/structures/index.js";
export {
  type HistoryEntry,
  type TrainingWorkerOptions,
  type TrainingWorkerResult,
  type TrainOptions,
  type TrainResult,
  train,
  workForTraining,
} from "./jobs/train/index.js";
export {
  type DetectorHistoryEntry,
  type DetectorScore,
  type TrainDetectorOptions,
  type TrainDetectorResult,
  trainDetector,
} from "./jobs/train-detector/index.js";
export type { ValidationScores } from "./jobs/training/index.js";
export type { DetectorConfig } from "./model/index.js";
export type { JobOptions, JobResult, Progress, ProgressReport } from "./progress.js";
export type {
  DetectorCurve,
  DetectorOptions,
  FilamentOptions,
  GoldOptions,
  NoiseKind,
  PackingReport,
  ReconstructOptions,
  STRUCTURE_KINDS,
  StructureKind,
  TiltImagingOptions,
  TiltSchemeOptions,
  VesicleOptions,
} from "./simulate/index.js";
export type { BatchOptions } from "./train/index.js";
