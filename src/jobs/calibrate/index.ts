export { type CalibrateResult, calibrate } from "./calibrate.js";
export type { CalibrationRow } from "./measure.js";
export type { CalibrateOptions } from "./options.js";
