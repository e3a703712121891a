export { type CosnetConfig, cosnet, cosnetDefaults } from "./cosnet.js";
export { decodeDescription, encodeModel, type ModelDescription } from "./inference.js";
export type { Network, NetworkOutput, Similarity } from "./network.js";
export {
  collectLayout,
  constantLayers,
  flatLayers,
  type Initial,
  type Layers,
  type ParameterLayout,
  type ParameterSpec,
  type ParameterValues,
} from "./parameters.js";
export { createNetwork, type NetworkConfig } from "./presets.js";
export { type TrainingStep, type TrainingStepConfig, trainingStep, trainingStepDefaults } from "./training-step.js";
