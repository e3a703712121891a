import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { OnnxRuntime } from "../../../runtime/index.js";
import { mostThreads } from "./threads.js";

env.wasm.wasmPaths = { mjs, wasm }; // from this site, nowhere else
env.wasm.numThreads = mostThreads();

export const wasmRuntime = { Tensor, InferenceSession } as unknown as OnnxRuntime;
