export { type ConvertOptions, type ConvertResult, convertFile } from "./convert.js";
