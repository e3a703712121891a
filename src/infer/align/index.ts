/** How particles lie: pose search and refinement, both missing wedges respected. */
export { type AlignerOptions, type Alignment, type AlignmentReference, createAligner } from "./align-pose.js";
export type { ScoredPose } from "./refine-pose.js";
export { addToShellSums, correlationOf, createShellSums } from "./shell-correlation.js";
export { createSpectrumBox } from "./spectrum-box.js";
export { createSubtomogramMaker, type Subtomogram } from "./subtomogram.js";
