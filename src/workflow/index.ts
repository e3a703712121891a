export { breathe, type Progress, type ProgressReport, throwIfAborted } from "./progress.js";
export { type DemoOptions, type DemoResult, demo, demoDefaults } from "./demo.js";
export { DEFAULT_MODEL_PATH, type LoadedModel, loadModel } from "./model-file.js";
export { packageVersion } from "./package-version.js";
