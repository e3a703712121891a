import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { env, InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";
import { mostThreads } from "./threads.js";

env.wasm.wasmPaths = { mjs, wasm };
env.wasm.numThreads = mostThreads();

/** Jobs ask for the processor, for they know nothing of the device. */
const onDevice: OnnxRuntime["InferenceSession"] = {
  create: async (model, options) => {
    const session = await InferenceSession.create(model, { ...options, executionProviders: ["webgpu"] });
    return session as unknown as OnnxSession;
  },
};

export const webGpuRuntime = { Tensor, InferenceSession: onDevice } as unknown as OnnxRuntime;
