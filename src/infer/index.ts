export {
  type Adaptation,
  adaptedDetector,
  adaptedEmbedder,
  adaptVolumes,
  describeAdaptation,
  measureAdaptation,
  measureAdaptationSteps,
  noAdaptation,
} from "./adapted.js";
export * from "./align/index.js";
export type { AbInitioState, IterationReport } from "./average/ab-initio/ab-initio.js";
export { averageWithoutReference } from "./average/ab-initio/average-without-reference.js";
export type {
  Average,
  AveragedParticle,
  AveragedParticles,
  AverageOptions,
  AveragingProgress,
  AveragingReport,
  AveragingState,
  ParticleSource,
  SearchedPart,
} from "./average/ab-initio/averaging.js";
export type { Averages, IterationPart } from "./average/ab-initio/iteration.js";
export type { LikelyPose, PoseFraction } from "./average/ab-initio/likely-pose.js";
export type { RowStore } from "./average/ab-initio/particle-band.js";
export type { Reference } from "./average/ab-initio/reference.js";
export type { RefinementReport, RefinePart } from "./average/ab-initio/refine.js";
export type { RefiningState } from "./average/ab-initio/refine-with-symmetry.js";
export type { ShellPowers } from "./average/ab-initio/shell-powers.js";
export type { KnownStart } from "./average/ab-initio/starts.js";
export type { AngularAgreement } from "./average/confirmation.js";
export {
  createFourierSum,
  type FourierSum,
  type FourierSumCells,
  type FourierSumOptions,
} from "./average/fourier-sum.js";
export type { FourierVolumeOptions } from "./average/fourier-volume.js";
export { type HalfMaps, joinHalves } from "./average/half-maps.js";
export { automaticMask, type SoftMaskOptions, softMask } from "./average/soft-mask.js";
export { sphereMask } from "./average/sphere-mask.js";
export { symmetrised } from "./average/symmetrised.js";
export {
  featureSimilarity,
  powerSpectra,
  radialProfiles,
} from "./baselines/rotation-invariant.js";
export { boxAt } from "./box-at.js";
export { type Classification, type ClassifyEmbeddingsOptions, classifyEmbeddings } from "./classify.js";
export {
  clusterDefaults,
  clusterEmbeddings,
  clusterNeighbours,
  type EmbeddingClusters,
} from "./cluster/cluster-embeddings.js";
export { embeddingMap } from "./cluster/embedding-map.js";
export { nearestNeighbours } from "./cluster/nearest.js";
export { COMPARED_NEIGHBOURS, CORRELATION_WEIGHT, orientedNeighbours } from "./cluster/oriented-neighbours.js";
export * from "./crf/index.js";
export { type EmbeddedDataSet, embedBoxes, embedDataSet } from "./embed-data-set.js";
export {
  BOXES_TOGETHER,
  createEmbedder,
  type Embedded,
  type Embedder,
  type EmbedOptions,
  joinEmbedded,
  LEAST_BATCH,
  rowsOf,
} from "./embedder.js";
export { disagreeingExamples } from "./example-disagreement.js";
export { leaveOneOut } from "./leave-one-out.js";
export { averagedMasks } from "./masks/averaged-masks.js";
export {
  type CommonMask,
  createMaskCombiner,
  LEAST_LIKE,
  type MaskedBox,
} from "./masks/common-mask.js";
export { countInside, insideMask, touchesEdge } from "./masks/inside.js";
export { neighbourFinder } from "./masks/neighbours.js";
export {
  boxOfMask,
  cropMask,
  type ParticleMask,
  pasteMasks,
  reachOfMask,
  regionOfMask,
} from "./masks/region.js";
export {
  type CompareNeighbours,
  type CompareNeighboursOptions,
  type CorrelationMemory,
  compareAll,
  compareNeighbours,
  compareOrientations,
  createAverager,
  createCorrelationMemory,
  createNeighbourComparer,
  type NeighbourBoxes,
  type OrientationEvidence,
  rowsOfEvidence,
  SPECTRUM_LENGTH,
  type Spectra,
  type Turning,
} from "./orientation/index.js";
export * from "./pick/index.js";
export type { Precision } from "./precision.js";
export { type PrepareBoxesOptions, prepareBoxes } from "./prepare-boxes.js";
export { joinRows } from "./rows.js";
export { similarityMatrix } from "./similarity.js";
export {
  CALIBRATION_NAMES,
  calibratedScale,
  nearness,
  type ScaleStatistics,
  scaleStatistics,
} from "./similarity-scale.js";
export { createSphereTemplate } from "./sphere-template.js";
export { boxOfTilts, subtomogramOfTilts, type TiltImage, type TiltImages } from "./subtomogram/tilt-images.js";
export { tomogramTransfer } from "./subtomogram/tomogram-transfer.js";
export { endsOfBeams, endsOfTilts, type TiltEnds, wedgeWeight } from "./subtomogram/wedge-weight.js";
export {
  type BoxContrast,
  contrastOfBox,
  normaliseSubtomogram,
  resampleWeight,
  restoredBox,
  withWeight,
} from "./subtomogram/weighted-box.js";
