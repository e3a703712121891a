/** Processes that work on the same files, and what the computer has for them. */
export { takeLock } from "./lock.js";
export { openLog } from "./log.js";
export { isProcessMark, isRunningHere, markOfThisProcess, type ProcessMark } from "./process-mark.js";
export { machineResources } from "./resources.js";
