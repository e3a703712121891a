export { type Averager, createAverager } from "./averager.js";
export {
  type CompareNeighbours,
  type CompareNeighboursOptions,
  compareNeighbours,
  createNeighbourComparer,
  type NeighbourBoxes,
  type Turning,
} from "./compare-neighbours.js";
export { compareAll, compareOrientations, type OrientationEvidence, rowsOfEvidence } from "./compare-orientations.js";
export { type CorrelationMemory, createCorrelationMemory } from "./correlation-memory.js";
export { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";
