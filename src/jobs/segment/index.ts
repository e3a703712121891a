export type { SegmentedClass, SegmentOptions, SegmentResult, SurfaceFormat } from "./options.js";
export { segment } from "./segment.js";
