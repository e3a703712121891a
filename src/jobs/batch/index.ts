export type { BatchRecipe, BatchSteps } from "./batch-file.js";
export { readBatch } from "./batch-file.js";
export { chosenExecutor } from "./executors/chosen-executor.js";
export type { Executor } from "./executors/executor.js";
export { cancelSlurmTasks } from "./executors/slurm/slurm-executor.js";
export type { BatchFailure, BatchResult } from "./options.js";
export { runBatch } from "./run-batch.js";
export { type BatchStatus, batchStatus, type UnitStatus } from "./status.js";
export { runBatchUnit } from "./units/run-unit.js";
