export { describeFile, type FileDescription } from "./info.js";
