export { createBlobDetector } from "./blob-detector.js";
export {
  createFeatureMap,
  type FeatureMap,
  featuresAt,
  placeFeatures,
  restoreFeatures,
  standardisedFeatures,
  tileFeatureCount,
  tileFeatures,
} from "./by-example/feature-map.js";
export { isFilament, type LikenessMap, onFilaments } from "./by-example/filament.js";
export {
  GREY_RADIUS_VOXELS,
  type GreyFeatures,
  greyDistinction,
  greyFeatures,
  greyLikeness,
  greyPenalties,
  greyReference,
} from "./by-example/grey-evidence.js";
export { likeCells, likenessMaps, type Prompt, vertex } from "./by-example/likeness.js";
export {
  type Contrast,
  decideContrast,
  type StatedContrast,
  statedOrMeasured,
} from "./contrast-decision.js";
export { blurredSkewness, proteinBrightness } from "./contrast-sign.js";
export { type CutOffRow, cutOffTable } from "./cut-off.js";
export { createNetworkDetector, type TileDetector } from "./detector.js";
export { type ExampleDependence, exampleDependence } from "./example-dependence.js";
export { GOLD_REACH_ANGSTROM, goldLimit } from "./gold.js";
export { greyStatistics } from "./grey-statistics.js";
export { averageFits } from "./groups/averages/average-fits.js";
export { type ToldClasses, toldClasses } from "./groups/averages/told-classes.js";
export { toldGroups } from "./groups/averages/told-groups.js";
export { exampleFits } from "./groups/example-fits.js";
export { groupCandidates } from "./groups/groups.js";
export {
  type LearntTogether,
  learnTogether,
  membershipsAmong,
  type TomogramLesson,
} from "./groups/learn-together.js";
export {
  bestSimilarities,
  type IdentifyOptions,
  type Identity,
  identify,
  lessPenalties,
  similaritiesAmongGroups,
} from "./identify.js";
export { diameterOfGyration, eigenvalues, maskShape } from "./mask-shape.js";
export {
  type DistractorBank,
  drawOpenSet,
  fitOdds,
  type OpenSetModel,
  type OpenSetOdds,
  weighBank,
  withKnownShare,
} from "./open-set.js";
export { type Peak, type TileAnswer, tilePeaks } from "./peaks.js";
export { classSimilarities, exampleCounts, type LabelledExamples } from "./prototypes.js";
export { resampledLength, resampleSections } from "./resample.js";
export { suppressNeighbours } from "./suppress.js";
export { embedHalfTurns, normaliseRows } from "./test-time-averaging.js";
export { planTiles, type Tile } from "./tile-plan.js";
