export { type BoxPlace, boxPlace, chooseBoxes, extractBox, extractMask } from "./extract.js";
export { contrastZeros, type ImageOptics } from "./imaging/ctf-image.js";
export type { DetectorCurve, DetectorOptions } from "./imaging/detector.js";
export {
  fillNoise,
  type ImagingEngine,
  type NoiseOptions,
  noiseSeries,
  type ReconstructAtSnrOptions,
  reconstructAtSnr,
} from "./imaging/noise.js";
export { addScaled, fieldVariance, type MeasuredBoxes, noiseFactor } from "./imaging/noise-level.js";
export { createImageFormer, type ImageFormer, type ImageFormerOptions, type NoiseKind } from "./imaging/tilt-image.js";
export {
  defaultTiltImaging,
  type PlannedTilt,
  planTiltSeries,
  type TiltImagingOptions,
  type TiltPlan,
} from "./imaging/tilt-imaging.js";
export { defaultTiltScheme, type TiltSchemeOptions, tiltScheme } from "./imaging/tilt-scheme.js";
export { formImages, projectRows, simulateTiltSeries, type TiltSeries } from "./imaging/tilt-series.js";
export {
  checkReconstruct,
  defaultReconstruct,
  type ReconstructionJob,
  type ReconstructOptions,
  reconstruct,
  reconstructRows,
} from "./projection/reconstruct.js";
export type { RowRange } from "./projection/row-group.js";
export { type PackingProgress, packSpecimen } from "./specimen/pack-specimen.js";
export {
  type FilamentOptions,
  type GoldOptions,
  type PackingReport,
  type PlacedParticle,
  type PlacedStructure,
  type Specimen,
  type SpecimenOptions,
  STRUCTURE_KINDS,
  type StructureKind,
  type VesicleOptions,
} from "./specimen/specimen.js";
