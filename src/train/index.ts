export { type Batch, type BatchOptions, batchDefaults, createBatchSource } from "./batches.js";
export {
  createTrainer,
  learningRateAt,
  type StepReport,
  stateValues,
  type Trainer,
  type TrainingState,
} from "./trainer.js";
