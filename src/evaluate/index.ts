export { adjustedRandIndex } from "./adjusted-rand.js";
export { alignColumns, percent } from "./align-columns.js";
export {
  type BenchmarkCell,
  type BenchmarkDice,
  type BenchmarkResult,
  benchmarkCsv,
  benchmarkText,
} from "./benchmark-table.js";
export { type CalibrationScore, calibrationScore, type ReliabilityBin } from "./calibration-error.js";
export { type ConfusionMatrix, confusionMatrix, summariseConfusion } from "./confusion.js";
export { dice } from "./dice.js";
export { type EpisodeOptions, type EpisodeResult, runEpisodes, type SecondComparison } from "./episodes.js";
export { exampleSpread } from "./example-spread.js";
export type { BenchmarkSpread } from "./example-spread-table.js";
export {
  fourierShellCorrelation,
  type Resolution,
  resolutionAt,
  type ShellCorrelation,
} from "./fsc.js";
export { correlateHalves, type HalfMapCorrelation } from "./fsc-of-halves.js";
export {
  bootstrapMeanInterval,
  type Interval,
  type MeanWithInterval,
  meanInterval,
  wilsonInterval,
} from "./intervals.js";
export { mcnemarTest, type PairedTest } from "./mcnemar.js";
export { oneShotAccuracies } from "./one-shot-draws.js";
export { comparePaired, type PairedComparison } from "./paired.js";
export { type SphereBaseline, type SpherePeaks, scoreSphereBaseline } from "./picks/baseline.js";
export type { DetectionScore } from "./picks/detection-score.js";
export { type LocalisationError, offsetText } from "./picks/localisation.js";
export { matchPicks, type PickMatch } from "./picks/match.js";
export { type PickedParticle, rowsByName, sortedClassNames, type TrueParticle } from "./picks/particles.js";
export { pickScoresText } from "./picks/pick-table.js";
export {
  averagePrecision,
  bestPoint,
  type PickOutcomes,
  type PrecisionRecallPoint,
  pickOutcomes,
  precisionRecallCurve,
} from "./picks/precision-recall.js";
export {
  type ClassPickScore,
  type MacroPickScore,
  type PickScores,
  scorePicks,
} from "./picks/score-picks.js";
export type { TomogramPickScore } from "./picks/score-tomograms.js";
export {
  hollowText,
  type Shrec21ClassScore,
  type Shrec21Prediction,
  type Shrec21Score,
  scoreShrec21,
} from "./picks/shrec21.js";
export {
  chooseBins,
  countInBins,
  type Distribution,
  describeDistribution,
  type ShapeStatistics,
  shapeStatistics,
} from "./shape-statistics.js";
export { formatSnr, SNR_DEFINITION } from "./snr.js";
