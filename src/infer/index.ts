export { type Classification, classify } from "./classify.js";
export { createEmbedder, type Embedded, type Embedder, type EmbedOptions } from "./embedder.js";
export { similarityMatrix } from "./similarity.js";
