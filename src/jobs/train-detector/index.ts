export type { TrainDetectorOptions } from "./options.js";
export { type DetectorHistoryEntry, type TrainDetectorResult, trainDetector } from "./train-detector.js";
