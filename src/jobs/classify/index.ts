export { classify } from "./classify.js";
export type { ClassifyOptions, ClassifyResult } from "./options.js";
