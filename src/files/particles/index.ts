export {
  openParticleBoxes,
  type ParticleBoxes,
  type ParticleBoxesOptions,
  type ParticleBoxReader,
  type ParticleGrid,
  readParticleBoxes,
  readTomogramHeader,
} from "./boxes.js";
export { classesOf, contrastWarnings } from "./classes.js";
export { locate, renameFrom } from "./linked-files.js";
export { classesOfList, classNameOf, type ParticleClasses } from "./list-classes.js";
export { placementOf, readParticleListFile, type TomogramOptions, writeParticleListFile } from "./list-file.js";
