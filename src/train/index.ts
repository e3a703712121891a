export { type Batch, type BatchOptions, batchDefaults, createBatchSource } from "./batches.js";
export { centreWidthVoxels, createDetectorBatches, type DetectorBatchOptions } from "./detector-patches.js";
export { type DetectorScene, drawDetectorScene, ordinaryDetectorScene } from "./detector-scene.js";
export { type DetectorSpecimen, detectorSpecimen, STEPS_PER_DEVIATION } from "./detector-specimen.js";
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
