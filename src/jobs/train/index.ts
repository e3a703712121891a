export { createBatchStream } from "./batch-stream.js";
export { runTraining } from "./loop.js";
export { trainDefaults } from "./options.js";
export { drawComplexes, type SpecimenRequest, trainingSpecimens } from "./specimens.js";
export { train } from "./train.js";
export { renderValidationSet, validate } from "./validation.js";
