export { type CosnetConfig, cosnet, cosnetDefaults } from "./cosnet.js";
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
export { type TrainingStep, type TrainingStepConfig, trainingStep, trainingStepDefaults } from "./training-step.js";
