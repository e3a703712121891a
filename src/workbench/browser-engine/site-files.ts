/** The files of cosnet's package that jobs read, as the site serves them. */
import packageDescription from "../../../package.json" with { type: "json" };
import { FileError } from "../../errors.js";
import { restoreFile } from "./file-system/mount.js";
import { mkdir } from "./node/file-system-promises.js";

/** Where the package lies in the tree: what the build puts in place of `import.meta.url` begins so. */
const PACKAGE = "/cosnet";

const MODELS = {
  "cosnet.onnx": new URL("../../../models/cosnet.onnx", import.meta.url),
  "detector.onnx": new URL("../../../models/detector.onnx", import.meta.url),
} as const;

export async function placePackage(): Promise<void> {
  await mkdir(`${PACKAGE}/models`, { recursive: true });
  const { name, version } = packageDescription;
  restoreFile(`${PACKAGE}/package.json`, new TextEncoder().encode(JSON.stringify({ name, version })), 0);
}

/** Fetches the models, 8 MB, unless the browser has them; gives the detector's. @throws FileError */
export async function placeModels(): Promise<{ readonly detector: Uint8Array }> {
  const place = async (name: keyof typeof MODELS) => {
    const bytes = await fetched(MODELS[name]);
    restoreFile(`${PACKAGE}/models/${name}`, bytes, 0);
    return bytes;
  };
  const [, detector] = await Promise.all([place("cosnet.onnx"), place("detector.onnx")]);
  return { detector };
}

async function fetched(address: URL): Promise<Uint8Array> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new FileError(`cannot be fetched: ${cause instanceof Error ? cause.message : cause}`, address.pathname, {
      cause,
      hint: "See whether the site is still there, and load the page again.",
    });
  }
}
