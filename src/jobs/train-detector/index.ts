export type { TrainDetectorOptions } from "./options.js";
export type { DetectorScore } from "./score.js";
export { variedSpecimens } from "./specimens.js";
export { type DetectorHistoryEntry, type TrainDetectorResult, trainDetector } from "./train-detector.js";
