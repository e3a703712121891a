/** In place of `onnxruntime-node`: the same interface, in WebAssembly or, where the page asks for it, by WebGPU. */
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";
import { device } from "./device.js";
import { checkSession, EXPECTED } from "./self-check.js";

const load = async (): Promise<OnnxRuntime> =>
  device === "webgpu" ? (await import("./webgpu.js")).webGpuRuntime : (await import("./web-assembly.js")).wasmRuntime;

const runtime = await load();

export const { Tensor } = runtime;

/** The models that ship with cosnet are tried on a fixed input when they are first loaded. */
export const InferenceSession: OnnxRuntime["InferenceSession"] = {
  async create(model, options) {
    const session = await runtime.InferenceSession.create(model, options);
    await checkOnce(session);
    return session;
  },
};

/** A tile of the detector takes WebAssembly seconds, where the classifier has shown already that it computes rightly. */
const waiting = new Map(Object.entries(device === "webgpu" ? EXPECTED : { classifier: EXPECTED.classifier }));

async function checkOnce(session: OnnxSession): Promise<void> {
  for (const [name, expected] of waiting) {
    if (!session.outputNames.includes(expected.output)) continue;
    await checkSession(session, Tensor, expected);
    waiting.delete(name);
  }
}
