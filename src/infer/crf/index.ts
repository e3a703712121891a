export { type CrfChoice, type CrfParameters, crfParameters, fittedCrf, paperCrf } from "./parameters.js";
export type { CrfProblem } from "./problem.js";
export { type RefinedLabels, type RefineLabelsOptions, refineLabels } from "./refine-labels.js";
export { type RefinedMask, type RefineMaskOptions, refineMask } from "./refine-mask.js";
export { type RefineTilesOptions, refineTiles } from "./refine-tiles.js";
