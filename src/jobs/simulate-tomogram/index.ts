export { createTomogramWorkers, sharedFloats, type TomogramWorkers } from "./imaging-workers.js";
export { type TomogramParameters, type TomogramPreset, tomogramPresets } from "./options.js";
export { type SimulatedTomogram, simulateTomogram } from "./simulate-tomogram.js";
