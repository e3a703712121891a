export { type AdamWOptions, type AdamWState, adamW } from "./adamw.js";
export { floatingPointOperations } from "./arithmetic.js";
export { differentiate } from "./differentiate.js";
export { readOnnxMetadata } from "./onnx/decode.js";
export type { EncodeOptions } from "./onnx/emitter.js";
export { encodeOnnx } from "./onnx/encode.js";
export * as op from "./operations.js";
export { elementCount } from "./shape.js";
export { type Operation, type Shape, type Tensor, topologicalOrder } from "./tensor.js";
