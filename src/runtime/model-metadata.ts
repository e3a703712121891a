export { readOnnxMetadata as readModelMetadata } from "../graph/index.js";
