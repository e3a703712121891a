export type { Complex } from "./complexes/complex.js";
export { type Atoms, complexFromAtoms } from "./complexes/from-atoms.js";
export { complexFromMap } from "./complexes/from-map.js";
export { proceduralComplex } from "./complexes/procedural.js";

export { drawReconstructedConditions, drawVariedConditions, type ImagingConditions } from "./particle/conditions.js";
export { drawDensity } from "./particle/density.js";
export { contrastTransfer, defaultImaging, type ImagingOptions, type Range } from "./particle/imaging.js";
export { createRenderer, type RenderedParticle, type Renderer, type RenderRequest } from "./particle/renderer.js";
export type {
  DetectorCurve,
  DetectorOptions,
  FilamentOptions,
  GoldOptions,
  NoiseKind,
  PackingReport,
  ReconstructOptions,
  STRUCTURE_KINDS,
  StructureKind,
  TiltImagingOptions,
  TiltSchemeOptions,
  VesicleOptions,
} from "./tomogram/index.js";
export * from "./tomogram/index.js";
