export { type ClassifyResult, classify } from "./classify.js";
