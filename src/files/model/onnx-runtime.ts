import * as ort from "onnxruntime-node";
import type { OnnxRuntime } from "../../runtime/index.js";

/** ONNX Runtime for Node, as the runtime layer wants it. */
export const nodeRuntime: OnnxRuntime = {
  // The binding's tensor constructor is overloaded over element types; cosnet uses the float32 form only.
  Tensor: ort.Tensor as unknown as OnnxRuntime["Tensor"],
  InferenceSession: ort.InferenceSession as unknown as OnnxRuntime["InferenceSession"],
};
