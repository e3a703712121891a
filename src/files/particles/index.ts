export {
  listedVoxelSize,
  openParticleBoxes,
  type ParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  readParticleBoxes,
} from "./boxes.js";
export { locate, relinkParticles } from "./linked-files.js";
export {
  type ParticleListFile,
  placementOf,
  type ReadParticleListFileOptions,
  readParticleListFile,
  type TomogramOptions,
  type WriteParticleListFileOptions,
  type WrittenParticleListFile,
  writeParticleListFile,
} from "./list-file.js";
export { type TomogramsStar, tomogramsStarOf } from "./tomograms-star.js";
