export { type MeasureRangesOptions, type MeasureRangesResult, measureRanges } from "./measure-ranges.js";
