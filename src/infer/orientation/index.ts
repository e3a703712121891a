export { compareAll, compareOrientations, type OrientationEvidence } from "./compare-orientations.js";
export { SPECTRUM_LENGTH, type Spectra } from "./spectrum.js";
