import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { env, InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";
import { createTurns } from "../../protocol/index.js";

env.wasm.wasmPaths = { mjs, wasm };
env.wasm.numThreads = 1; // the graphics processor computes

/** This build waits for the graphics processor in the midst of a call, and can do so in one call at a time. */
const { take: inTurn } = createTurns(1);

/** What has been compiled for the graphics processor ends with the last session: the first one stays. */
let isFirst = true;

export const webGpuSessions: OnnxRuntime["InferenceSession"] = {
  async create(model, options) {
    const session = (await inTurn(() => InferenceSession.create(model, options))) as unknown as OnnxSession;
    const stays = isFirst;
    isFirst = false;
    return {
      ...{ inputNames: session.inputNames, outputNames: session.outputNames },
      run: (feeds) => inTurn(() => session.run(ownTensors(feeds))),
      release: async () => {
        if (!stays) await inTurn(() => session.release());
      },
    };
  },
};

/** The other build of ONNX Runtime has a class of its own for them. */
function ownTensors(feeds: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(feeds as Readonly<Record<string, Pick<Tensor, "data" | "dims">>>).map(([name, { data, dims }]) => [
      name,
      new Tensor("float32", data as Float32Array, dims),
    ]),
  );
}
