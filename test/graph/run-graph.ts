import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { type EncodeOptions, encodeOnnx, type Tensor } from "../../src/graph/index.js";
import {
  type Array32,
  createSession,
  probeBlockedConvolution,
  type Session,
  type SessionInputs,
} from "../../src/runtime/index.js";

/** ONNX Runtime's channel block on this machine, or undefined where its blocked convolution cannot be used. */
export const blockedChannels = await probeBlockedConvolution(nodeRuntime);

/** `webgpu`: the portable graph on a graphics processor. */
export type Target = "portable" | "cpu" | "cpu blocked" | "webgpu";

/** Every way a graph can be encoded for the processor of this machine. */
export const targets: readonly Target[] = [
  "portable",
  "cpu",
  ...(blockedChannels === undefined ? [] : (["cpu blocked"] as const)),
];

function encodeOptions(target: Target): EncodeOptions {
  if (target === "webgpu") return { target: "portable" };
  if (target !== "cpu blocked") return { target };
  return { target: "cpu", ...(blockedChannels !== undefined && { blockedChannels }) };
}

/** Loads a graph the way training does; the caller releases the session. */
export function openGraph(
  outputs: Readonly<Record<string, Tensor>>,
  { target = "portable", dynamicBatch = false }: { target?: Target; dynamicBatch?: boolean } = {},
): Promise<Session> {
  return createSession(nodeRuntime, encodeOnnx(outputs, { ...encodeOptions(target), dynamicBatch }), {
    threads: 1,
    device: target === "webgpu" ? "webgpu" : "cpu",
    // "all" would let ONNX Runtime put its own blocked operators beside ours.
    optimization: target === "portable" || target === "webgpu" ? "all" : "extended",
  });
}

/** Runs a graph once. Inputs that the outputs do not depend on may be given and are ignored. */
export async function runGraph(
  outputs: Readonly<Record<string, Tensor>>,
  inputs: SessionInputs,
  options: { target?: Target; dynamicBatch?: boolean } = {},
): Promise<Record<string, Array32>> {
  const session = await openGraph(outputs, options);
  try {
    return await session.run(pickInputs(session, inputs));
  } finally {
    await session.release();
  }
}

export function pickInputs(session: Session, inputs: SessionInputs): Record<string, SessionInputs[string]> {
  return Object.fromEntries(session.inputNames.map((name) => [name, inputs[name]!]));
}
