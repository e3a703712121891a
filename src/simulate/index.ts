export { augment, type LabelledVolume } from "./augment.js";
export type { Complex } from "./complex.js";
export { type Atoms, complexFromAtoms } from "./complex-from-atoms.js";
export { complexFromMap } from "./complex-from-map.js";
export { drawVariedConditions, type ImagingConditions } from "./conditions.js";
export { contrastTransfer, defaultImaging, type ImagingOptions, type Range } from "./imaging.js";
export { proceduralComplex } from "./procedural-complex.js";
export { createRenderer, type RenderedParticle, type Renderer, type RenderRequest } from "./renderer.js";
export * from "./tomogram/index.js";
