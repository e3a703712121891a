export { readOnnxConstants as readModelConstants, readOnnxMetadata as readModelMetadata } from "../graph/index.js";
