/** In place of `onnxruntime-node`: the same interface, in WebAssembly or, where the page asks for it, by WebGPU. */
import type { OnnxRuntime } from "../../../runtime/index.js";
import { device } from "./device.js";

const load = async (): Promise<OnnxRuntime> =>
  device === "webgpu" ? (await import("./webgpu.js")).webGpuRuntime : (await import("./web-assembly.js")).wasmRuntime;

export const { Tensor, InferenceSession } = await load();
