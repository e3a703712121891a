export type { SegmentOptions, SegmentResult } from "./options.js";
export { segment } from "./segment.js";
