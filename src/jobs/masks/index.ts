export { type CrfChoice, crfParameters } from "./crf.js";
export { type Examples, type SegmentedParticle, type SegmentedParticles, segmentParticles } from "./refine-boxes.js";
export { type MaskRefinement, type RefinedMasks, type RefineMasksOptions, refineMasks } from "./refine-masks.js";
export {
  boxOfMask,
  cropMask,
  type ParticleMask,
  type PastedMasks,
  pasteMasks,
  reachOfMask,
  regionOfMask,
} from "./region.js";
