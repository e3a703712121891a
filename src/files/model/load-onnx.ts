import { createHash } from "node:crypto";
import { basename } from "node:path";
import { ModelError } from "../../errors.js";
import type { Precision } from "../../infer/index.js";
import type { OnnxRuntime, SessionOptions } from "../../runtime/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { chooseDevice, type DeviceChoice } from "./device.js";
import { nodeRuntime } from "./onnx-runtime.js";

/** How a network is computed. */
export interface LoadOptions {
  readonly threads?: number | undefined;
  /** Default "cpu". */
  readonly device?: DeviceChoice | undefined;
  /** Undefined: 8 bits where the model has ranges for them and is computed on the processor. */
  readonly precision?: Precision | undefined;
  /** Told which device "auto" has chosen, and why. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What is behind a kind of model file. */
interface ModelKind<Model> {
  /** The file that ships with cosnet. */
  readonly defaultPath: string;
  readonly create: (
    runtime: OnnxRuntime,
    bytes: Uint8Array,
    options: SessionOptions & { readonly precision?: Precision | undefined },
  ) => Promise<Model>;
  /** Thrown where the file that ships with cosnet is missing. */
  readonly missing: () => ModelError;
  /** What to do about a file that cannot be used, where the error does not say it. */
  readonly hint?: string;
}

/**
 * Loads an ONNX file, or the one that ships with cosnet. The label is its name and the start of its checksum, what it is
 * computed in where that is not float32, and the device where that is not the processor: results that it stands beside, and work
 * that is kept under it, are others.
 * @throws FileError when the file cannot be read, ModelError when it is not a model of this kind or the device cannot compute it.
 */
export async function loadOnnx<
  Model extends { readonly precision?: Precision | undefined; readonly release: () => Promise<void> },
>(
  path: string | undefined,
  { defaultPath, create, missing, hint }: ModelKind<Model>,
  { threads, device: choice, precision, onWarning }: LoadOptions,
): Promise<{ readonly model: Model; readonly label: string } & AsyncDisposable> {
  if (path === undefined && !(await fileExists(defaultPath))) throw missing();
  const where = path ?? defaultPath;
  const bytes = await readFileBytes(where);
  const device = await chooseDevice(choice, onWarning);
  const model = await create(nodeRuntime, bytes, { threads, device, precision }).catch((cause) => {
    if (!(cause instanceof ModelError)) throw cause;
    throw new ModelError(cause.reason, { where, cause, hint: cause.hint ?? hint });
  });
  const checksum = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const computedIn = model.precision === "int8" ? ", int8" : "";
  const label = `${basename(where)} (sha256 ${checksum}${computedIn})${device === "cpu" ? "" : ", computed by WebGPU"}`;
  return { model, label, [Symbol.asyncDispose]: model.release };
}
