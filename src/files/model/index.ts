export { checkpointPath, loadCheckpoint, type StepFigures, saveCheckpoint, type TrainingRun } from "./checkpoint.js";
export { DEFAULT_MODEL_PATH, type LoadedModel, loadModel } from "./classifier.js";
export { type LoadedDetector, loadDetector } from "./detector.js";
export { nodeRuntime } from "./onnx-runtime.js";
export { readTrainingSpecimen, writeTrainingSpecimen } from "./training-specimen.js";
export { DEFAULT_WEIGHTS_PATH, encodeWeights, loadWeights, storedNetwork, transferWeights } from "./weights.js";
