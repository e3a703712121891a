export { type Batch, type BatchOptions, batchDefaults, createBatchSource, joinBatches } from "./batches.js";
export { type ClassifierReport, classifierGraph } from "./classifier-graph.js";
export { type DetectorBatch, type DetectorReport, detectorGraph } from "./detector-graph.js";
export { createDetectorBatches } from "./detector-patches.js";
export {
  type LabelledVolumes,
  mixParticles,
} from "./particle-batches.js";
export { drawScene, ordinaryScene, type Scene } from "./scene.js";
export { type TrainingSpecimen, trainingSpecimen } from "./specimen.js";
export { createSpecimenBatches } from "./specimen-batches.js";
export { noisySpecimen } from "./specimen-noise.js";
export {
  type BatchGradient,
  createGradientSession,
  createOptimiser,
  createTrainer,
  type Trainer,
} from "./trainer.js";
export { initialState, learningRateAt, stateValues, type TrainingState } from "./training-state.js";
