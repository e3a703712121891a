/** What page and engine of the workbench say to each other. */
export * from "./engine.js";
export { decodeEnvelope, encodeEnvelope } from "./envelope.js";
export { EMPTY_HISTORY, type History, type Step, takeStep } from "./history.js";
export * from "./project.js";
export * from "./run.js";
export * from "./tomogram.js";
