import { createHash } from "node:crypto";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelError } from "../../errors.js";
import { createBlobDetector, createNetworkDetector, type TileDetector } from "../../infer/index.js";
import { fileExists, readFileBytes } from "../disk/index.js";
import { nodeRuntime } from "./onnx-runtime.js";

/** Below what a blob detector's peaks are mostly noise; chosen on simulated tomograms of validation complexes. */
const BLOB_THRESHOLD = 0.2;

/** The detector that ships with cosnet; models/ lies two folders up in src and in dist alike. */
const DEFAULT_DETECTOR_PATH = fileURLToPath(new URL("../../../models/detector.onnx", import.meta.url));

/** `await using` it: the detector is released with it. */
export interface LoadedDetector extends AsyncDisposable {
  readonly detector: TileDetector;
  /** File name and the start of its checksum, or what else it is. */
  readonly label: string;
  /** Score from which its peaks are worth a look. */
  readonly threshold: number;
}

/**
 * Loads a detector: the one that ships with cosnet, a file, or `blob` for differences of Gaussians.
 * @throws FileError when the file cannot be read, ModelError when it is no cosnet detector.
 */
export async function loadDetector(
  choice: string | undefined,
  { threads }: { readonly threads?: number | undefined } = {},
): Promise<LoadedDetector> {
  if (choice === "blob") {
    const detector = createBlobDetector();
    const label = "blob (differences of Gaussians)";
    return { detector, label, threshold: BLOB_THRESHOLD, [Symbol.asyncDispose]: detector.release };
  }
  if (choice === undefined && !(await fileExists(DEFAULT_DETECTOR_PATH)))
    throw new ModelError("the detector that ships with cosnet is not installed", {
      hint: "Reinstall cosnet, give a detector with --detector FILE, or use differences of Gaussians: --detector blob.",
    });
  const path = choice ?? DEFAULT_DETECTOR_PATH;
  const bytes = await readFileBytes(path);
  const detector = await createNetworkDetector(nodeRuntime, bytes, threads === undefined ? {} : { threads }).catch(
    (error) => {
      if (!(error instanceof ModelError)) throw error;
      throw new ModelError(error.reason, { where: path, cause: error, hint: error.hint });
    },
  );
  const checksum = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return {
    detector,
    label: `${basename(path)} (sha256 ${checksum})`,
    threshold: detector.description.centreThreshold,
    [Symbol.asyncDispose]: detector.release,
  };
}
