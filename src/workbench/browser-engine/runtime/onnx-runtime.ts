/** In place of `onnxruntime-node`: the same interface, in WebAssembly or, where the page asks for it, by WebGPU. */
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";
import { device } from "./device.js";
import { checkSession, EXPECTED, type Expectation } from "./self-check.js";

const load = async (): Promise<OnnxRuntime> =>
  device === "webgpu" ? (await import("./webgpu.js")).webGpuRuntime : (await import("./web-assembly.js")).wasmRuntime;

const runtime = await load();

export const { Tensor } = runtime;

export const hasIntegerKernels = device !== "webgpu";

/** The models that ship with cosnet are tried on a fixed input when they are first loaded. */
export const InferenceSession: OnnxRuntime["InferenceSession"] = {
  async create(model, options) {
    const session = await runtime.InferenceSession.create(model, options);
    await checkOnce(session);
    return session;
  },
};

/** A tile of the detector takes WebAssembly seconds, where the classifier has shown already that it computes rightly. */
const { classifierInt8, ...inFloats } = EXPECTED;
const waiting = new Map<string, Expectation>(Object.entries(hasIntegerKernels ? { classifierInt8 } : inFloats));

async function checkOnce(session: OnnxSession): Promise<void> {
  for (const [name, expected] of waiting) {
    if (!session.outputNames.includes(expected.output)) continue;
    await checkSession(session, Tensor, expected);
    waiting.delete(name);
  }
}
