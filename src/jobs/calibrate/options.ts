import { DEFAULT_SEED, type Progress } from "../../progress.js";

export interface CalibrateOptions extends Progress {
  /** Folders of structures and maps: those of the model's training, of which every fourth by name is not fitted on, as there. */
  readonly structureFolders: readonly string[];
  /** Model file with the calibration; may be the model's own. */
  readonly outputPath: string;
  /** Particles of each complex at each signal-to-noise ratio. */
  readonly particlesPerClass?: number;
  /** Signal-to-noise ratios; Infinity for no noise. */
  readonly snrs?: readonly number[];
  /** Draws of classes and examples for each number of them and signal-to-noise ratio. */
  readonly draws?: number;
  readonly seed?: number;
  readonly modelPath?: string | undefined;
  readonly threads?: number | undefined;
}

type Defaults = Required<Pick<CalibrateOptions, "particlesPerClass" | "snrs" | "draws" | "seed">>;

const calibrateDefaults: Defaults = {
  particlesPerClass: 10,
  snrs: [Number.POSITIVE_INFINITY, 2, 0.5, 0.1, 0.05],
  draws: 25,
  seed: DEFAULT_SEED,
};

/** The options with every default filled in. */
export function calibrateSettings(options: CalibrateOptions) {
  return { ...calibrateDefaults, ...options };
}

export type CalibrateSettings = ReturnType<typeof calibrateSettings>;
