import { fileURLToPath } from "node:url";

/** The model that ships with cosnet; models/ lies two folders up in src and in dist alike. */
export const DEFAULT_MODEL_PATH = fileURLToPath(new URL("../../../models/cosnet.onnx", import.meta.url));
