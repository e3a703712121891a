export { type ConvertOptions, convertFile } from "./convert.js";
