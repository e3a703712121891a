export { contrastZeros, type ImageOptics } from "./ctf-image.js";
export type { DetectorCurve, DetectorOptions } from "./detector.js";
export { type BoxPlace, boxPlace, chooseBoxes, extractBox, extractMask } from "./extract.js";
export {
  fillNoise,
  type ImagingEngine,
  type NoiseOptions,
  noiseSeries,
  type ReconstructAtSnrOptions,
  reconstructAtSnr,
} from "./noise.js";
export { addScaled, fieldVariance, type MeasuredBoxes, noiseFactor } from "./noise-level.js";
export { type PackingProgress, packSpecimen } from "./pack-specimen.js";
export {
  checkReconstruct,
  defaultReconstruct,
  type ReconstructionJob,
  type ReconstructOptions,
  reconstruct,
  reconstructRows,
} from "./reconstruct.js";
export type { RowRange } from "./row-group.js";
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
} from "./specimen.js";
export { createImageFormer, type ImageFormer, type ImageFormerOptions, type NoiseKind } from "./tilt-image.js";
export {
  defaultTiltImaging,
  type PlannedTilt,
  planTiltSeries,
  type TiltImagingOptions,
  type TiltPlan,
} from "./tilt-imaging.js";
export { defaultTiltScheme, type TiltSchemeOptions, tiltScheme } from "./tilt-scheme.js";
export { formImages, projectRows, simulateTiltSeries, type TiltSeries } from "./tilt-series.js";
