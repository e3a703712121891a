export { type BoxPlace, boxPlace, chooseBoxes, extractBox, extractMask, inReadingOrder } from "./extract.js";
export { contrastZeros } from "./imaging/ctf-image.js";
export type { DetectorCurve, DetectorOptions } from "./imaging/detector.js";
export {
  fillNoise,
  type ImagingEngine,
  type NoiseOptions,
  noiseAtSnr,
} from "./imaging/noise.js";
export {
  addScaled,
  boxCorners,
  fillVariances,
  type MeasuredBoxes,
  medianVariance,
  middleOf,
} from "./imaging/noise-level.js";
export type { NoiseKind } from "./imaging/tilt-image.js";
export {
  planTiltSeries,
  type TiltImagingOptions,
  type TiltPlan,
  type TiltSeries,
} from "./imaging/tilt-imaging.js";
export type { TiltSchemeOptions } from "./imaging/tilt-scheme.js";
export { formImages, projectRows, simulateTiltSeries } from "./imaging/tilt-series.js";
export {
  checkReconstruct,
  defaultReconstruct,
  type ReconstructOptions,
  reconstruct,
  reconstructRows,
} from "./projection/reconstruct.js";
export type { RowRange } from "./projection/row-group.js";
export { instanceLabels, packSpecimen } from "./specimen/pack-specimen.js";
export type {
  FilamentOptions,
  GoldOptions,
  PackingReport,
  PlacedParticle,
  PlacedStructure,
  Specimen,
  SpecimenOptions,
  STRUCTURE_KINDS,
  StructureKind,
  VesicleOptions,
} from "./specimen/specimen.js";
