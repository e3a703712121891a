/** What lets a long job go on where it was stopped. */
export { openStages, type StageRecord, type StageTime } from "./stages.js";
export { openSteps, type StepFiles } from "./steps.js";
