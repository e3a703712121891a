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
 * await segment({ tomogramPath: "tomogram.mrc", picksPath, outputFolder: "shapes" });
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
export { type LoadComplexesOptions, loadComplexes } from "./files/complexes/index.js";
export { type LoadedDetector, type LoadedModel, loadDetector, loadModel, nodeRuntime } from "./files/model/index.js";
export {
  openParticleBoxes,
  type ParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  type ParticleListFile,
  type ReadParticleListFileOptions,
  readParticleBoxes,
  readParticleListFile,
  type WriteParticleListFileOptions,
  type WrittenParticleListFile,
  writeParticleListFile,
} from "./files/particles/index.js";
export {
  type OpenTomogramOptions,
  openTomogram,
  type ReadVolumeFileOptions,
  readVolumeFile,
  type Tomogram,
  type VolumeFile,
} from "./files/tomogram/index.js";
export type { CrfChoice } from "./infer/index.js";
export { type BenchmarkOptions, type BenchmarkReport, benchmark } from "./jobs/benchmark/index.js";
export { type ClassifyOptions, type ClassifyResult, classify } from "./jobs/classify/index.js";
export {
  type ChooseExamplesOptions,
  type ChosenExamples,
  type ClusterOptions,
  type ClusterResult,
  chooseExamples,
  cluster,
} from "./jobs/cluster/index.js";
export { type ConvertOptions, type ConvertResult, convertFile } from "./jobs/convert/index.js";
export { type CrfFitOptions, type CrfFitResult, fitCrf } from "./jobs/crf/index.js";
export { type DemoOptions, type DemoResult, demo } from "./jobs/demo/index.js";
export { type EvaluatePicksOptions, type EvaluatePicksResult, evaluatePicks } from "./jobs/evaluate/index.js";
export { type FineTuneOptions, type FineTuneResult, fineTune } from "./jobs/fine-tune/index.js";
export { type DescribeFileOptions, describeFile, type FileDescription } from "./jobs/info/index.js";
export { type RefinedMasks, type RefineMasksOptions, refineMasks } from "./jobs/masks/index.js";
export { type PickOptions, type PickResult, pick } from "./jobs/pick/index.js";
export { type ReproduceOptions, type ReproduceResult, reproduce } from "./jobs/reproduce/index.js";
export { type RobustnessOptions, type RobustnessReport, robustness } from "./jobs/robustness/index.js";
export { type SegmentOptions, type SegmentResult, segment } from "./jobs/segment/index.js";
export {
  type SimulatedParticles,
  type SimulateParticlesOptions,
  simulateParticles,
} from "./jobs/simulate-particles/index.js";
export {
  type SimulatedTomogram,
  type SimulateTomogramOptions,
  simulateTomogram,
} from "./jobs/simulate-tomogram/index.js";
export { type FetchStructuresOptions, type FetchStructuresResult, fetchStructures } from "./jobs/structures/index.js";
export { type TrainOptions, type TrainResult, train } from "./jobs/train/index.js";
export { type TrainDetectorOptions, type TrainDetectorResult, trainDetector } from "./jobs/train-detector/index.js";
export type { Progress, ProgressReport } from "./progress.js";
