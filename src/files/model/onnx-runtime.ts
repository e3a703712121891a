import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { ModelError } from "../../errors.js";
import type { OnnxRuntime, SessionOptions } from "../../runtime/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";

// ONNX Runtime 1.30 sends usage data to its maker and keeps a database of it in the user's cache, unless this variable is set before its
// library is loaded. Whoever wants that sets it to 0.
process.env.ORT_DISABLE_TELEMETRY ??= "1";

const { Tensor, InferenceSession, listSupportedBackends } = await loadRuntime();

/**
 * ONNX Runtime for Node, as the runtime layer wants it, with as many threads as this process may use: by itself it takes one a
 * core that it finds, which on virtual machines is often one alone, and in containers more than are granted. A package of cosnet
 * holds its library for one platform.
 */
export const nodeRuntime: OnnxRuntime = {
  ...{ Tensor, InferenceSession, defaultThreads: availableParallelism() },
  isNative: listSupportedBackends !== undefined, // in a browser onnxruntime-web stands in, which has no such function
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

/** What is behind a kind of model file. */
interface ModelKind<Model> {
  /** The file that ships with cosnet. */
  readonly defaultPath: string;
  readonly create: (runtime: OnnxRuntime, bytes: Uint8Array, options: SessionOptions) => Promise<Model>;
  /** Thrown where the file that ships with cosnet is missing. */
  readonly missing: () => ModelError;
  /** What to do about a file that cannot be used, where the error does not say it. */
  readonly hint?: string;
}

/**
 * Loads an ONNX file, or the one that ships with cosnet. The label is its name and the start of its checksum.
 * @throws FileError when the file cannot be read, ModelError when it is not a model of this kind.
 */
export async function loadOnnx<Model extends { readonly release: () => Promise<void> }>(
  path: string | undefined,
  { defaultPath, create, missing, hint }: ModelKind<Model>,
  { threads }: { readonly threads?: number | undefined },
): Promise<{ readonly model: Model; readonly label: string } & AsyncDisposable> {
  if (path === undefined && !(await fileExists(defaultPath))) throw missing();
  const where = path ?? defaultPath;
  const bytes = await readFileBytes(where);
  const model = await create(nodeRuntime, bytes, { threads }).catch((cause) => {
    if (!(cause instanceof ModelError)) throw cause;
    throw new ModelError(cause.reason, { where, cause, hint: cause.hint ?? hint });
  });
  const checksum = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { model, label: `${basename(where)} (sha256 ${checksum})`, [Symbol.asyncDispose]: model.release };
}
