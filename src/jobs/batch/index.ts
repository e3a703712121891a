export type { BatchRecipe, BatchSteps } from "./batch-file.js";
export { readBatch } from "./batch-file.js";
export type { Executor } from "./executors/executor.js";
export { createLocalPool } from "./executors/local-pool.js";
export type { BatchFailure, BatchResult } from "./options.js";
export { runBatch } from "./run-batch.js";
export { type BatchStatus, batchStatus, type UnitStatus } from "./status.js";
export { runBatchUnit } from "./units/run-unit.js";
