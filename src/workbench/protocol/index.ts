/** What page and engine of the workbench say to each other. */
export * from "./averages.js";
export * from "./decided-picks.js";
export * from "./engine.js";
export { decodeEnvelope, encodeEnvelope, envelopePieces } from "./envelope.js";
export { errorOf, failureOf } from "./failure.js";
export * from "./flags.js";
export { EMPTY_HISTORY, type History, type Step, takeStep } from "./history.js";
export * from "./http.js";
export { parseRunRequest } from "./parse-run-request.js";
export { parseStep } from "./parse-step.js";
export { engineOverCalls, engineOverPort, type Port, servePort } from "./port.js";
export * from "./project.js";
export * from "./run.js";
export * from "./segmentation.js";
export * from "./tomogram.js";
export { createTurns } from "./turns.js";
