export {
  type Checkpoint,
  checkpointPath,
  encodeWeights,
  type HistoryEntry,
  loadCheckpoint,
  loadWeights,
  saveCheckpoint,
  storedNetwork,
  type TrainingRecipe,
  type ValidationScores,
} from "./checkpoint.js";
export { DEFAULT_MODEL_PATH, loadModel } from "./classifier.js";
export { loadDetector } from "./detector.js";
export { nodeRuntime } from "./onnx-runtime.js";
export { transferWeights } from "./transfer-weights.js";
