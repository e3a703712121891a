export { convertFile } from "./convert.js";
export type { ConvertOptions, ConvertResult } from "./options.js";
