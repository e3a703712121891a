import { ConfigError } from "../../errors.js";
import { formatSnr } from "../../evaluate/index.js";
import { splitComplexes } from "../../files/complexes/index.js";
import { packageVersion, readFileBytes, writeFileAtomic } from "../../files/disk/index.js";
import { DEFAULT_MODEL_PATH, loadModel } from "../../files/model/index.js";
import { calibratedScale, type Embedder } from "../../infer/index.js";
import { type Calibration, calibratedModel } from "../../model/index.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { renderLabelledParticles } from "../benchmark/index.js";
import { fitCalibration } from "./fit.js";
import { type CalibrationRow, calibrationRows } from "./measure.js";
import { type CalibrateOptions, type CalibrateSettings, calibrateSettings } from "./options.js";
import { type CalibrationSet, drawSets } from "./sets.js";

/** A calibration, and how far probabilities are off without and with it. */
export interface CalibrateResult {
  readonly modelPath: string;
  readonly calibration: Calibration;
  /** On the complexes that were fitted on. */
  readonly rows: readonly CalibrationRow[];
  /** On those that were not; none where there are too few. */
  readonly heldOut: readonly CalibrationRow[];
  readonly classes: readonly string[];
  readonly heldOutClasses: readonly string[];
  readonly particlesPerClass: number;
  readonly draws: number;
  readonly seed: number;
  /** The model that was calibrated. */
  readonly model: string;
  readonly version: string;
}

/**
 * Fits how a model's similarities become probabilities (see `Calibration`) to particles rendered of its training complexes at
 * several noise levels with several numbers of classes and examples, and writes the model
 * with it. The complexes that the training held out say how well it does.
 * @throws ConfigError for a model that does not compare by cosine, or fewer than two complexes or particles of each; otherwise
 * as reading structures and models does; AbortError.
 */
export async function calibrate(options: CalibrateOptions): Promise<CalibrateResult> {
  const settings = calibrateSettings(options);
  const { outputPath, particlesPerClass, draws, seed, onProgress, signal } = settings;
  const { training, heldOut } = await splitComplexes(options.structureFolders, { onProgress, signal });
  if (training.length < 2 || particlesPerClass < 2)
    throw new ConfigError(
      `probabilities cannot be fitted to ${training.length} complexes with ${particlesPerClass} particles each`,
      { hint: "Give three structures and --particles 2 or more." },
    );
  await using model = await loadModel(settings.modelPath, settings);
  const { description } = model.embedder;
  if (description.similarity !== "cosine")
    throw new ConfigError("this model compares by a trained distance, which has no such calibration", {
      hint: "Give a model of the preset cosnet.",
    });
  const [fitted, others] = [
    await setsOf(training, model.embedder, "training", settings),
    await setsOf(heldOut, model.embedder, "held-out", settings),
  ];
  const calibration = fitCalibration(
    fitted.flatMap(({ sets }) => sets),
    description.temperature,
  );
  const scaleOf = (set: CalibrationSet) => calibratedScale(calibration, set.statistics);
  const rowsOf = (conditions: readonly ImagedSets[]) =>
    conditions.flatMap(({ imaging, sets }) => calibrationRows(imaging, sets, { ...description, scaleOf }));
  const bytes = await readFileBytes(settings.modelPath ?? DEFAULT_MODEL_PATH);
  await writeFileAtomic(outputPath, calibratedModel(bytes, description, calibration));
  return {
    ...{ modelPath: outputPath, calibration, rows: rowsOf(fitted), heldOut: rowsOf(others) },
    classes: training.map(({ name }) => name),
    heldOutClasses: heldOut.map(({ name }) => name),
    ...{ particlesPerClass, draws, seed, model: model.label, version: packageVersion() },
  };
}

/** Sets of particles imaged alike. */
interface ImagedSets {
  readonly imaging: string;
  readonly sets: readonly CalibrationSet[];
}

async function setsOf(
  complexes: readonly Complex[],
  embedder: Embedder,
  of: string,
  { particlesPerClass: perClass, snrs, draws, seed, onProgress, signal }: CalibrateSettings,
): Promise<ImagedSets[]> {
  if (complexes.length < 2) return [];
  const { edge, voxelSizeAngstrom } = embedder.description;
  const found: ImagedSets[] = [];
  for (const snr of snrs) {
    const imaging = `SNR ${formatSnr(snr)}`;
    const random = createRandom(`cosnet calibration ${seed}`).fork(of, imaging);
    const { volumes } = await renderLabelledParticles(complexes, {
      ...{ perClass, snr, random, neighbours: complexes, imaging: { boxSize: edge, voxelSizeAngstrom } },
      ...{ stage: `imaging ${of} complexes, ${imaging}`, onProgress, signal },
    });
    const stage = `embedding ${of} complexes, ${imaging}`;
    const embedded = await embedder.embed(volumes, {
      onProgress: (done) => onProgress?.({ stage, done, total: complexes.length * perClass }),
      signal,
    });
    const particles = { embedded, classCount: complexes.length, perClass };
    found.push({ imaging, sets: drawSets(particles, embedder.description, { count: draws, random }) });
  }
  return found;
}
