import type { CrfChoice } from "../../infer/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";

export interface ClassifyOptions extends Progress {
  /** STAR list of examples, one or more of each class; `cosnetClassName` or `rlnClassNumber` names the class. */
  readonly examplesPath: string;
  /** STAR list of the particles to classify. */
  readonly particlesPath: string;
  readonly outputFolder: string;
  readonly modelPath?: string | undefined;
  /** Voxel size of the files, overriding lists and headers. */
  readonly voxelSizeAngstrom?: number | undefined;
  /** Protein is dark in the files. */
  readonly inverted?: boolean;
  /** Tomogram that coordinates refer to, where the lists do not name one. */
  readonly tomogramPath?: string | undefined;
  /** Average embeddings and masks over the half turns that keep the missing wedge: four times the cost. */
  readonly testTimeAveraging?: boolean | undefined;
  readonly threads?: number | undefined;
  /** How the outlines are refined. Default "fitted". */
  readonly crf?: CrfChoice | undefined;
  /** Turn boxes to the tilt geometry the network knows and damp excess noise, as measured on each list. Default true. */
  readonly adapt?: boolean;
  readonly overwrite?: boolean;
  /** Written into the outputs; classification itself draws nothing at random. */
  readonly seed?: number;
  readonly command?: string;
  /** Told in a sentence what is odd, but does not stop the job. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export type ClassifySettings = ReturnType<typeof settingsOf>;

/** The options with every default filled in. */
export function settingsOf({
  inverted = false,
  testTimeAveraging = false,
  crf = "fitted",
  adapt = true,
  overwrite = false,
  seed = DEFAULT_SEED,
  command = "classify()",
  ...given
}: ClassifyOptions) {
  return { ...given, inverted, testTimeAveraging, crf, adapt, overwrite, seed, command };
}

/** How many examples the others would give their own class; `doubtful` are rows of the list, from 0. */
export interface ExampleAgreement {
  readonly recognised: number;
  readonly of: number;
  readonly doubtful: readonly number[];
}

/** What `classify` wrote, and how sure it is. */
export interface ClassifyResult {
  readonly starPath: string;
  readonly reportPath: string;
  readonly masksFolder: string | undefined;
  readonly particles: number;
  readonly classes: readonly { readonly name: string; readonly supports: number; readonly particles: number }[];
  readonly medianMargin: number;
  /** Of the examples whose class has others: how many these others recognise. Absent when every class has one. */
  readonly exampleAgreement?: ExampleAgreement;
  readonly model: string;
  readonly contrast: string;
  readonly seed: number;
  readonly seconds: number;
}
