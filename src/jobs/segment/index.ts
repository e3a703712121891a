export type { SegmentResult } from "./options.js";
export { segment } from "./segment.js";
