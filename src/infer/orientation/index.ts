export {
  type CompareNeighbours,
  type CompareNeighboursOptions,
  compareNeighbours,
  createNeighbourComparer,
  type NeighbourBoxes,
} from "./compare-neighbours.js";
export { compareAll, compareOrientations, type OrientationEvidence, rowsOfEvidence } from "./compare-orientations.js";
export { type CorrelationMemory, createCorrelationMemory } from "./correlation-memory.js";
export { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";
