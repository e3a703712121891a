export { type TrainOptions, trainDefaults } from "./options.js";
export { type TrainingWorkerOptions, type TrainingWorkerResult, workForTraining } from "./parallel/index.js";
export { type HistoryEntry, type TrainResult, train } from "./train.js";
