export { classify } from "./classify.js";
export type { ClassifyOptions, ClassifyResult, ExampleAgreement } from "./options.js";
