export {
  openParticleBoxes,
  type ParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  readParticleBoxes,
} from "./boxes.js";
export { contrastWarnings } from "./contrast.js";
export { locate, renameFrom } from "./linked-files.js";
export { placementOf, readParticleListFile, type TomogramOptions, writeParticleListFile } from "./list-file.js";
