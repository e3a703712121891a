/** One step of several verbs: masks as a network predicts them, refined by the random field of each box. */
export { type CommonMasksOptions, combineMasks, combineMasksOf } from "./common-masks.js";
export {
  type MaskRefinement,
  type RefinedMasks,
  type RefineMasksOptions,
  refineMasks,
  startingMasks,
} from "./refine-masks.js";
