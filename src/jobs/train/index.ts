export { type TrainOptions, trainDefaults } from "./options.js";
export { type HistoryEntry, type TrainResult, train } from "./train.js";
