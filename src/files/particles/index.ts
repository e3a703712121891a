export { besideTomograms } from "./beside-tomograms.js";
export type { ParticleBoxesOptions } from "./box-options.js";
export {
  openParticleBoxes,
  type ParticleBoxes,
  type ParticleBoxReader,
  type ParticleGrid,
  readParticleBoxes,
} from "./boxes.js";
export { type HandOver, type HandOverOptions, handOver } from "./hand-over.js";
export { locate, locateFromProject, relinkParticles } from "./linked-files.js";
export {
  type ParticleListFile,
  placementOf,
  type ReadParticleListFileOptions,
  type ReadPlacement,
  readParticleListFile,
  type TomogramOptions,
  type WriteParticleListFileOptions,
  type WrittenParticleListFile,
  writeParticleListFile,
} from "./list-file.js";
export { listedVoxelSize } from "./listed-voxel-size.js";
export { openSubtomograms } from "./subtomograms/open-subtomograms.js";
export type {
  OpenSubtomogramsOptions,
  ParticleSubtomogram,
  SubtomogramReader,
  WeightSource,
} from "./subtomograms/subtomogram-options.js";
export { openTiltStacks } from "./tilt-stacks.js";
export { type TomogramsStar, tomogramsStarOf, tomogramsStarTable } from "./tomograms-star.js";
