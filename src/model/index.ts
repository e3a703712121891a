export type { Calibration } from "./calibration.js";
export { encodeCorrelation } from "./comparison/correlation.js";
export { encodeExpectation } from "./comparison/expectation.js";
export { encodePoseSearch } from "./comparison/pose-search.js";
export { type CosnetConfig, cosnetDefaults } from "./cosnet.js";
export {
  type DetectorConfig,
  type DetectorDescription,
  decodeDetectorDescription,
  detectorDefaults,
  encodeDetector,
  encodeDetectorRangeGraph,
  encodeTileDetector,
} from "./detector.js";
export { type DetectorStepConfig, detectorOptimiser, detectorStep, detectorStepDefaults } from "./detector-step.js";
export {
  calibratedModel,
  decodeDescription,
  encodeFittedModel,
  encodeModel,
  encodeRangeGraph,
  type ModelDescription,
} from "./inference.js";
export type { Network, NetworkOutput, Similarity } from "./network.js";
export { type PaperConfig, paperDefaults } from "./paper.js";
export {
  collectLayout,
  constantLayers,
  type Initial,
  type Layers,
  type ParameterLayout,
  type ParameterSpec,
  type ParameterValues,
} from "./parameters.js";
export {
  createNetwork,
  type NetworkConfig,
  type PresetName,
  type PresetOptions,
  presetConfig,
  presetNames,
} from "./presets.js";
export { type Quantisation, rangesOf, widenRanges, withQuantisation } from "./quantisation.js";
export { type ReleasedConfig, releasedDefaults } from "./released.js";
export type { TrainingStep } from "./training-graph.js";
export type { Comparison, MaskLoss, OptimiserSettings, TrainingMethod } from "./training-method.js";
export { type TrainingStepConfig, trainingStep, trainingStepDefaults } from "./training-step.js";
