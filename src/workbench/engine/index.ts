/** The workbench's engine over `jobs` and `files`. */
export { type EngineOptions, type OpenEngine, openEngine } from "./open-engine.js";
