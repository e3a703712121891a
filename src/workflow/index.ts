export { breathe, type Progress, type ProgressReport, throwIfAborted } from "./progress.js";
