import { ModelError } from "../../errors.js";
import { createEmbedder, type Embedder } from "../../infer/index.js";
import { DEFAULT_MODEL_PATH } from "./default-model.js";
import { type LoadOptions, loadOnnx } from "./load-onnx.js";

/** `await using` it: the embedder is released with it. */
export interface LoadedModel extends AsyncDisposable {
  readonly embedder: Embedder;
  /** File name and the start of its checksum, to be written beside every result. */
  readonly label: string;
}

/**
 * Loads a model file, or the model that ships with cosnet.
 * @throws FileError when the file cannot be read, ModelError when it is not a cosnet model.
 */
export async function loadModel(path?: string, options: LoadOptions = {}): Promise<LoadedModel> {
  const kind = {
    defaultPath: DEFAULT_MODEL_PATH,
    create: createEmbedder,
    missing: () =>
      new ModelError("the model that ships with cosnet is not installed", {
        hint: "Reinstall cosnet, or give a model of your own with --model FILE.",
      }),
    hint: "Copy the file again, or leave --model out to use the model that ships with cosnet.",
  };
  const { model: embedder, ...loaded } = await loadOnnx(path, kind, options);
  return { embedder, ...loaded };
}
