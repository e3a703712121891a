/**
 * In place of `onnxruntime-node`: the same interface, in WebAssembly, and by WebGPU where a session asks for it. These are two builds of
 * ONNX Runtime, of which the second, with 27 MB, is fetched when it is first needed.
 */
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";
import { checkSession, EXPECTED } from "./self-check.js";
import { wasmRuntime } from "./web-assembly.js";

export const { Tensor } = wasmRuntime;

/** The classifier that ships with cosnet is tried on a fixed input when it is first loaded. */
export const InferenceSession: OnnxRuntime["InferenceSession"] = {
  async create(model, options) {
    const providers: unknown = options.executionProviders;
    if (Array.isArray(providers) && providers.includes("webgpu"))
      return (await import("./webgpu.js")).webGpuSessions.create(model, options);
    const session = await wasmRuntime.InferenceSession.create(model, options);
    await checkOnce(session);
    return session;
  },
};

let isChecked = false;

/** A tile of the detector takes WebAssembly seconds, where the classifier has shown already that it computes rightly. */
async function checkOnce(session: OnnxSession): Promise<void> {
  if (isChecked || !session.outputNames.includes(EXPECTED.output)) return;
  await checkSession(session, Tensor, EXPECTED);
  isChecked = true;
}
