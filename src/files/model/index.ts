export { checkpointPath, loadCheckpoint, type StepFigures, saveCheckpoint, type TrainingRun } from "./checkpoint.js";
export { DEFAULT_MODEL_PATH, loadModel, type LoadedModel } from "./classifier.js";
export { loadDetector, type LoadedDetector } from "./detector.js";
export { nodeRuntime } from "./onnx-runtime.js";
export { readTrainingSpecimen, writeTrainingSpecimen } from "./training-specimen.js";
export { DEFAULT_WEIGHTS_PATH, encodeWeights, loadWeights, storedNetwork, transferWeights } from "./weights.js";
