/** From whole tomograms to candidates as the networks see them, before anything has a class; for `pick` and `cluster`. */
export { byDepth, createBoxReader, createScaledBoxReader } from "./box.js";
export { type Candidate, chooseCandidates } from "./candidates.js";
export {
  contrastText,
  contrastWarnings,
  greyScale,
  measureTomogram,
  toldContrast,
  tomogramAdaptation,
  tomogramGreys,
} from "./contrast.js";
export type { FoundParticle, FoundSoFar } from "./found.js";
export {
  fileVoxelSizeText,
  type GivenTomogram,
  givenTomogramColumns,
  measureGivenTomogram,
  voxelSizeText,
} from "./given-tomogram.js";
export {
  contrastOfLists,
  invertBoxes,
  type ListBoxes,
  type ListContrast,
  sampleBoxes,
  someBoxes,
} from "./list-contrast.js";
export { createSearchMemory, recalled, type SearchMemory } from "./memory.js";
export { loadNetworks, type NetworkOptions, type Networks, networksFor } from "./networks.js";
export { type SearchOptions, searchSettings } from "./options.js";
export {
  checkParticleDiameter,
  diameterOfScale,
  fitsScale,
  scaledEmbedder,
  searchScale,
  searchScales,
} from "./scale.js";
export {
  type EmbedAtOptions,
  embedAt,
  factsOf,
  LEAST_RADIUS_VOXELS,
  type ListedParticle,
  listInTomograms,
  type SearchedCandidate,
  type SearchedTomogram,
  withRadiusOfMask,
} from "./search-tomogram.js";
export { type SearchedTomograms, searchTomograms, tomogramWorkFolder } from "./search-tomograms.js";
export { tomogramNames } from "./tomogram-names.js";
export { commonTilt, turned, turning } from "./turning/turned.js";
