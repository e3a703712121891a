export { type BatchMaker, type BatchSources, createBatchMaker } from "./batch-maker.js";
export { createBatchStream } from "./batch-stream.js";
export { runTraining, type StepSummary } from "./loop.js";
export { type RunCurves, resumableRun } from "./resumable-run.js";
export { type SpecimenRequest, trainingSpecimens } from "./specimens.js";
export { renderValidationSet, type ValidationScores, type ValidationSet, validate } from "./validation.js";
