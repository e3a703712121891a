export {
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  benchmarkCsv,
  benchmarkText,
  formatSnr,
  SNR_DEFINITION,
} from "./benchmark-table.js";
export {
  type ClassScore,
  type ConfusionMatrix,
  type ConfusionSummary,
  confusionMatrix,
  summariseConfusion,
} from "./confusion.js";
export { dice } from "./dice.js";
export { type EpisodeOptions, type EpisodeResult, runEpisodes } from "./episodes.js";
export {
  bootstrapMeanInterval,
  type Interval,
  type MeanWithInterval,
  meanInterval,
  wilsonInterval,
} from "./intervals.js";
export { mcnemarTest, type PairedTest } from "./mcnemar.js";
