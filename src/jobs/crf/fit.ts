import { splitComplexes } from "../../files/complexes/index.js";
import { packageVersion, writeFileAtomic } from "../../files/disk/index.js";
import { loadModel } from "../../files/model/index.js";
import { type CrfParameters, fittedCrf } from "../../infer/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import { createRandom, type Random } from "../../volume/index.js";
import { type CrfSamples, crfSamples, diceBefore, diceChange, meanOf } from "./samples.js";

export interface CrfFitOptions extends Progress {
  /** Folders of structures and maps: the training complexes, of which every fourth by name is not fitted on, as in training. */
  readonly structureFolders: readonly string[];
  /** JSON file of the parameters and how well they do. */
  readonly outputPath: string;
  readonly particlesPerClass?: number;
  readonly snrs?: readonly number[];
  /** Sets of parameters to try. */
  readonly trials?: number;
  readonly seed?: number;
  readonly modelPath?: string | undefined;
  readonly threads?: number | undefined;
}

const crfFitDefaults = { particlesPerClass: 4, snrs: [1000, 0.5], trials: 60, seed: DEFAULT_SEED } as const;

/** Mean Dice over the complexes at one signal-to-noise ratio. */
export interface CrfFitRow {
  readonly snr: number;
  readonly before: number;
  readonly after: number;
  /** Complexes whose mean Dice falls, with the change. */
  readonly lower: readonly { readonly class: string; readonly change: number }[];
}

/** Parameters of the conditional random field, and what they gain on held-out complexes. */
export interface CrfFitResult {
  readonly parameters: CrfParameters;
  /** On the complexes that were fitted on. */
  readonly rows: readonly CrfFitRow[];
  /** On those that were not; none where there are fewer than four in all. */
  readonly heldOut: readonly CrfFitRow[];
  readonly classes: readonly string[];
  readonly heldOutClasses: readonly string[];
  readonly particlesPerClass: number;
  readonly trials: number;
  readonly seed: number;
  readonly model: string;
  readonly version: string;
}

/** Bounds of the search. */
const RANGES: Readonly<Record<Exclude<keyof CrfParameters, "iterations">, readonly [number, number]>> = {
  appearanceWeight: [0.02, 8],
  appearanceSigmaAngstrom: [8, 60],
  intensitySigma: [0.5, 3],
  smoothnessWeight: [0.02, 8],
  smoothnessSigmaAngstrom: [5, 30],
};
const NAMES = Object.keys(RANGES) as (keyof typeof RANGES)[];
/** How much the deepest fall of a complex at a noise level counts beside the mean change: refinement is not to do harm. */
const FALL_WEIGHT = 1;
/** A trial whose first particles are that far below the best score, more than their scatter, is not followed up. */
const HOPELESS = 0.003;

/**
 * Fits the CRF's parameters to the masks that a model predicts of rendered particles, averaged over the four 180° rotations, by a search
 * on Dice: a third of the trials are drawn at random (logarithmically even), the others near the best so far, ever nearer.
 * The score of a trial is the mean change of Dice, against the model's plain mask, over complexes and noise levels less the
 * deepest fall of any of them; so refinement stays mild where it is of little use.
 * @throws ConfigError, FileError, FormatError, ModelError as reading structures and models does; AbortError.
 */
export async function fitCrf(options: CrfFitOptions): Promise<CrfFitResult> {
  const { particlesPerClass, snrs, trials, seed } = { ...crfFitDefaults, ...options };
  const { onProgress, signal } = options;
  const { training, heldOut } = await splitComplexes(options.structureFolders, { onProgress, signal });
  await using model = await loadModel(options.modelPath, options);
  const sampling = { snrs, particlesPerClass, seed, onProgress, signal };
  const fitted = await crfSamples(training, model.embedder, sampling);
  const others = await crfSamples(heldOut, model.embedder, sampling);

  const { parameters, change } = await searchParameters(fitted, { trials, seed, onProgress, signal });
  const heldOutChange = (await diceChange(others, parameters, { signal }))!;
  const names = [training, heldOut].map((complexes) => complexes.map(({ name }) => name)) as [string[], string[]];
  const result: CrfFitResult = {
    parameters,
    rows: rowsOf(fitted, change, names[0], snrs),
    heldOut: heldOut.length > 0 ? rowsOf(others, heldOutChange, names[1], snrs) : [],
    classes: names[0],
    heldOutClasses: names[1],
    particlesPerClass,
    trials,
    seed,
    model: model.label,
    version: packageVersion(),
  };
  await writeFileAtomic(options.outputPath, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** The best of the trials; the fitted parameters are the first of them. */
async function searchParameters(
  samples: CrfSamples,
  { trials, seed, onProgress, signal }: Progress & { readonly trials: number; readonly seed: number },
): Promise<Pick<Trial, "parameters" | "change">> {
  const random = createRandom(`cosnet crf search ${seed}`);
  let best: Trial | undefined;
  for (let trial = 0; trial < trials; trial++) {
    const parameters = best ? nextParameters(best.parameters, trial / trials, random.fork("trial", trial)) : fittedCrf;
    const change = await diceChange(samples, parameters, { hopeless: best && best.score - HOPELESS, signal });
    const score = change ? scoreOf(change) : -Infinity;
    if (change && !(best && best.score >= score)) best = { parameters, change, score };
    const note = best && `Dice ${signed(meanOf(best.change))}, deepest fall ${deepestFall(best.change).toFixed(4)}`;
    onProgress?.({ stage: "trying parameters", done: trial + 1, total: trials, ...(note && { note }) });
  }
  return best ?? { parameters: fittedCrf, change: (await diceChange(samples, fittedCrf, { signal }))! };
}

interface Trial {
  readonly parameters: CrfParameters;
  /** Of each cell's mean Dice. */
  readonly change: Float64Array;
  readonly score: number;
}

function scoreOf(change: Float64Array): number {
  return meanOf(change) - FALL_WEIGHT * deepestFall(change);
}

function deepestFall(change: Float64Array): number {
  return change.reduce((deepest, value) => Math.max(deepest, -value), 0);
}

function nextParameters(best: CrfParameters, progress: number, random: Random): CrfParameters {
  const spread = progress < 1 / 3 ? undefined : 0.3 * (1.2 - progress);
  const next: { -readonly [name in keyof CrfParameters]: number } = { ...best };
  for (const name of NAMES) {
    const [low, high] = RANGES[name].map(Math.log) as [number, number];
    const drawn =
      spread === undefined ? random.uniform(low, high) : Math.log(best[name]) + spread * (high - low) * random.normal();
    next[name] = Number(Math.exp(Math.max(low, Math.min(high, drawn))).toPrecision(3));
  }
  return next;
}

function rowsOf(
  samples: CrfSamples,
  change: Float64Array,
  names: readonly string[],
  snrs: readonly number[],
): CrfFitRow[] {
  const before = diceBefore(samples);
  return snrs.map((snr, level) => {
    const cells = names.map((_, label) => level * names.length + label);
    return {
      snr,
      before: meanOf(Float64Array.from(cells, (cell) => before[cell]!)),
      after: meanOf(Float64Array.from(cells, (cell) => before[cell]! + change[cell]!)),
      lower: cells
        .map((cell, label) => ({ class: names[label]!, change: change[cell]! }))
        .filter(({ change }) => change < 0),
    };
  });
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
}
