export { checkpointPath, loadCheckpoint, type StepFigures, saveCheckpoint, type TrainingRun } from "./checkpoint.js";
export { type LoadedModel, loadModel } from "./classifier.js";
export { DEFAULT_MODEL_PATH } from "./default-model.js";
export { type LoadedDetector, loadDetector } from "./detector.js";
export { chooseDevice, type DeviceChoice } from "./device.js";
export type { LoadOptions } from "./load-onnx.js";
export { nodeRuntime } from "./onnx-runtime.js";
export { readTrainingSpecimen, writeTrainingSpecimen } from "./training-specimen.js";
export { DEFAULT_WEIGHTS_PATH, encodeWeights, loadWeights, storedNetwork, transferWeights } from "./weights.js";
