export { type Batch, type BatchOptions, batchDefaults, createBatchSource } from "./batches.js";
export {
  createDetectorTrainer,
  type DetectorBatch,
  type DetectorStepReport,
  type DetectorTrainer,
} from "./detector-trainer.js";
export {
  type LabelledVolumes,
  mixParticles,
  type ParticleMixOptions,
} from "./particle-batches.js";
export { createTrainer, type StepReport, type Trainer } from "./trainer.js";
export { initialState, learningRateAt, stateValues, type TrainingState } from "./training-state.js";
