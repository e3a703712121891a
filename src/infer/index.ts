export { type Classification, classify } from "./classify.js";
export {
  type CrfParameters,
  type CrfProblem,
  fittedCrf,
  paperCrf,
  type RefinedLabels,
  type RefinedMask,
  type RefineLabelsOptions,
  type RefineMaskOptions,
  refineLabels,
  refineMask,
} from "./crf/index.js";
export { createEmbedder, type Embedded, type Embedder, type EmbedOptions } from "./embedder.js";
export { similarityMatrix } from "./similarity.js";
export {
  createSphereTemplate,
  type SpherePeak,
  type SphereTemplate,
  type SphereTemplateOptions,
} from "./sphere-template.js";
