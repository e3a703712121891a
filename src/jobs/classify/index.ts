export { type ClassifyOptions, type ClassifyResult, classify } from "./classify.js";
