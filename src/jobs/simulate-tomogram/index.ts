export { createTomogramWorkers, sharedFloats, type TomogramWorkers } from "./imaging-workers.js";
export {
  type SimulateTomogramOptions,
  type SubtomogramOptions,
  type TomogramParameters,
  tomogramPresets,
} from "./options.js";
export { type SimulatedTomogram, simulateTomogram } from "./simulate-tomogram.js";
