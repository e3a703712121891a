export { align } from "./align.js";
export type { AlignOptions, AlignResult } from "./options.js";
