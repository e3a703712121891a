import { availableParallelism } from "node:os";
import { ModelError } from "../../errors.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import { sessionsInThreads } from "./session-thread.js";

// ONNX Runtime 1.30 sends usage data to its maker and keeps a database of it in the user's cache, unless this variable is set before its
// library is loaded. Whoever wants that sets it to 0.
process.env.ORT_DISABLE_TELEMETRY ??= "1";

const { Tensor, InferenceSession, listSupportedBackends, hasIntegerKernels = true } = await loadRuntime();

/**
 * ONNX Runtime for Node, as the runtime layer wants it, with as many threads as this process may use: by itself it takes one a
 * core that it finds, which on virtual machines is often one alone, and in containers more than are granted. A package of cosnet
 * holds its library for one platform.
 */
export const nodeRuntime: OnnxRuntime = {
  ...{ Tensor, InferenceSession, inOwnThread: sessionsInThreads, defaultThreads: availableParallelism() },
  isNative: listSupportedBackends !== undefined, // in a browser onnxruntime-web stands in, which has no such function
  hasIntegerKernels,
};

function loadRuntime(): Promise<OnnxRuntime & { readonly listSupportedBackends?: unknown }> {
  return import("onnxruntime-node").catch((cause) => {
    throw new ModelError(`ONNX Runtime cannot be loaded on ${process.platform} ${process.arch}: ${reasonOf(cause)}`, {
      cause,
      hint: "Pack or install cosnet on this machine: there are libraries for Linux (glibc) and Windows, x64 and arm64, and for macOS on arm64.",
    });
  });
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND" ? "its library is not there" : message;
}
