export { createTomogramWorkers, sharedFloats, type TomogramWorkers } from "./imaging-workers.js";
export {
  type SimulateTomogramOptions,
  type TomogramParameters,
  type TomogramPreset,
  tomogramPresets,
} from "./options.js";
export { type SimulatedTomogram, simulateTomogram } from "./simulate-tomogram.js";
