import { fileURLToPath } from "node:url";
import { ModelError } from "../../errors.js";
import { createBlobDetector, createNetworkDetector, type TileDetector } from "../../infer/index.js";
import { type LoadOptions, loadOnnx } from "./load-onnx.js";

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
 * @throws FileError when the file cannot be read, ModelError when it is not a cosnet detector.
 */
export async function loadDetector(choice: string | undefined, options: LoadOptions = {}): Promise<LoadedDetector> {
  if (choice === "blob") {
    const detector = createBlobDetector();
    const label = "blob (differences of Gaussians)";
    return { detector, label, threshold: BLOB_THRESHOLD, [Symbol.asyncDispose]: detector.release };
  }
  const kind = {
    defaultPath: DEFAULT_DETECTOR_PATH,
    create: createNetworkDetector,
    missing: () =>
      new ModelError("the detector that ships with cosnet is not installed", {
        hint: "Reinstall cosnet, give a detector with --detector FILE, or use differences of Gaussians: --detector blob.",
      }),
  };
  const { model: detector, ...loaded } = await loadOnnx(choice, kind, options);
  return { detector, ...loaded, threshold: detector.description.centreThreshold };
}
