export { type Contrast, contrastOf, tomogramAdaptation, tomogramGreys } from "./contrast.js";
export { createBoxReader } from "./embed.js";
export { type SearchOptions, searchDefaults } from "./options.js";
export { checkParticleDiameter, scaledDetector, scaledEmbedder, searchScale } from "./scale.js";
export { type SearchedTomogram, searchTomogram, workFolderFor } from "./search-tomogram.js";
