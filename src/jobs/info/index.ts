export type { DescribeFileOptions, FileDescription } from "./description.js";
export { describeFile } from "./info.js";
