import * as ort from "onnxruntime-node";
import type { OnnxRuntime } from "../../runtime/index.js";

/** ONNX Runtime for Node, as the runtime layer wants it. */
export const nodeRuntime: OnnxRuntime = ort;
