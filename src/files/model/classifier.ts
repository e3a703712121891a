import { createHash } from "node:crypto";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelError } from "../../errors.js";
import { createEmbedder, type Embedder } from "../../infer/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { nodeRuntime } from "./onnx-runtime.js";

/** The model that ships with cosnet; models/ lies two folders up in src and in dist alike. */
export const DEFAULT_MODEL_PATH = fileURLToPath(new URL("../../../models/cosnet.onnx", import.meta.url));

/** `await using` it: the embedder is released with it. */
export interface LoadedModel extends AsyncDisposable {
  readonly embedder: Embedder;
  /** File name and the start of its checksum, to be written beside every result. */
  readonly label: string;
}

/**
 * Loads a model file, or the model that ships with cosnet.
 * @throws FileError when the file cannot be read, ModelError when it is no cosnet model.
 */
export async function loadModel(
  path?: string | undefined,
  { threads }: { threads?: number | undefined } = {},
): Promise<LoadedModel> {
  if (path === undefined && !(await fileExists(DEFAULT_MODEL_PATH)))
    throw new ModelError("the model that ships with cosnet is not installed", {
      hint: "Reinstall cosnet, or give a model of your own with --model FILE.",
    });
  const bytes = await readFileBytes(path ?? DEFAULT_MODEL_PATH);
  const embedder = await createEmbedder(nodeRuntime, bytes, threads === undefined ? {} : { threads }).catch((error) => {
    if (!(error instanceof ModelError)) throw error;
    const hint = error.hint ?? "Copy the file again, or leave --model out to use the model that ships with cosnet.";
    throw new ModelError(error.reason, { where: path ?? DEFAULT_MODEL_PATH, cause: error, hint });
  });
  const checksum = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return {
    embedder,
    label: `${basename(path ?? DEFAULT_MODEL_PATH)} (sha256 ${checksum})`,
    [Symbol.asyncDispose]: embedder.release,
  };
}
