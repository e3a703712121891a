/** Gradients of one training from several processes, on this computer and others. */
export { createParallelTrainer, type StepTrainer } from "./parallel-trainer.js";
export { type TrainingWorkerOptions, type TrainingWorkerResult, workForTraining } from "./work.js";
