import { dice, formatSnr } from "../evaluate/index.js";
import { type CrfParameters, fittedCrf, refineMask } from "../infer/index.js";
import { createRandom, type Random } from "../volume/index.js";
import { complexesFrom } from "./complex-source.js";
import { writeFileAtomic } from "./files.js";
import { renderLabelledParticles } from "./labelled-particles.js";
import { loadModel } from "./model-file.js";
import { packageVersion } from "./package-version.js";
import { breathe, type Progress } from "./progress.js";

export interface CrfFitOptions extends Progress {
  /** Folders of structures and maps to fit on: training complexes. */
  readonly structures: readonly string[];
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

export const crfFitDefaults = { particlesPerClass: 4, snrs: [1000, 0.5], trials: 60, seed: 1 } as const;

/** Mean Dice over the complexes at one signal-to-noise ratio. */
export interface CrfFitRow {
  readonly snr: number;
  readonly before: number;
  readonly after: number;
  /** Each complex refined with the parameters that suit the other three quarters of complexes best. */
  readonly crossValidated: number;
  /** Complexes whose mean Dice falls, with the change. */
  readonly lower: readonly { readonly class: string; readonly change: number }[];
}

export interface CrfFitResult {
  readonly parameters: CrfParameters;
  readonly rows: readonly CrfFitRow[];
  readonly classes: readonly string[];
  readonly particlesPerClass: number;
  readonly trials: number;
  readonly seed: number;
  readonly model: string;
  readonly version: string;
}

/** Bounds of the search. */
const RANGES: Readonly<Record<Exclude<keyof CrfParameters, "iterations">, readonly [number, number]>> = {
  appearanceWeight: [0.1, 8],
  appearanceSigmaAngstrom: [8, 60],
  intensitySigma: [0.3, 3],
  smoothnessWeight: [0.1, 8],
  smoothnessSigmaAngstrom: [5, 30],
};
const NAMES = Object.keys(RANGES) as (keyof typeof RANGES)[];
/** How much more a fall of a complex's Dice counts than a rise: refinement is not to do harm. */
const FALL_WEIGHT = 3;
const FOLDS = 4;

/**
 * Fits the CRF's parameters to the masks that a model predicts of rendered particles, by a search on Dice: a third of the trials are
 * drawn at random (logarithmically even), the others near the best so far, ever nearer. The score of a trial is the mean change of Dice over complexes and noise levels, falls counting
 * four times; so refinement stays mild where it is of little use.
 * @throws ConfigError, FileError, FormatError, ModelError as reading structures and models does; AbortError.
 */
export async function fitCrf(options: CrfFitOptions): Promise<CrfFitResult> {
  const { particlesPerClass, snrs, trials, seed } = { ...crfFitDefaults, ...options };
  const { onProgress, signal } = options;
  const complexes = await complexesFrom({ structures: options.structures }, { seed, onProgress, signal });
  const { embedder, label: model } = await loadModel(options.modelPath, { threads: options.threads });
  const samples: Sample[] = [];
  try {
    const { edge, voxelSizeAngstrom } = embedder.description;
    for (const [level, snr] of snrs.entries()) {
      const particles = await renderLabelledParticles(complexes, {
        perClass: particlesPerClass,
        snr,
        random: createRandom(`cosnet crf fit ${seed}`),
        neighbours: complexes,
        imaging: { boxSize: edge, voxelSizeAngstrom },
        stage: `imaging particles at SNR ${formatSnr(snr)}`,
        onProgress,
        signal,
      });
      const { masks } = await embedder.embed(particles.volumes, { signal });
      for (const [index, label] of particles.labels.entries()) {
        const [from, to] = [index * edge ** 3, (index + 1) * edge ** 3];
        samples.push({
          cell: level * complexes.length + label,
          probability: masks!.subarray(from, to),
          volume: particles.volumes.subarray(from, to),
          mask: particles.masks.subarray(from, to),
          edge,
          voxelSizeAngstrom,
        });
      }
    }
  } finally {
    await embedder.release();
  }

  const cells = snrs.length * complexes.length;
  const before = cellMeans(samples, cells, ({ probability }) => probability);
  const random = createRandom(`cosnet crf search ${seed}`);
  const tried: Trial[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const parameters = trial === 0 ? fittedCrf : nextTrial(tried, trial / trials, random.fork("trial", trial));
    const after = new Float64Array(cells);
    for (const [index, sample] of samples.entries()) {
      const { edge, voxelSizeAngstrom } = sample;
      const options = { shape: [edge, edge, edge], voxelSizeAngstrom, parameters } as const;
      const { probability } = refineMask(sample.probability, sample.volume, options);
      after[sample.cell]! += diceOf(probability, sample.mask) / particlesPerClass;
      if (index % 8 === 7) await breathe(signal);
    }
    const change = after.map((value, cell) => value - before[cell]!);
    tried.push({ parameters, change, score: scoreOf(change, () => true) });
    const best = bestOf(tried, ({ score }) => score);
    const gain = best.change.reduce((sum, value) => sum + value, 0) / cells;
    onProgress?.({ stage: "trying parameters", done: trial + 1, total: trials, note: `Dice ${signed(gain)}` });
  }

  const best = bestOf(tried, ({ score }) => score);
  const foldOf = (cell: number) => (cell % complexes.length) % FOLDS;
  const bestWithout = Array.from({ length: FOLDS }, (_, fold) =>
    bestOf(tried, ({ change }) => scoreOf(change, (cell) => foldOf(cell) !== fold)),
  );
  const result: CrfFitResult = {
    parameters: best.parameters,
    rows: snrs.map((snr, level) => {
      const own = complexes.map((_, label) => level * complexes.length + label);
      const mean = (diceAt: (cell: number) => number) => own.reduce((sum, cell) => sum + diceAt(cell), 0) / own.length;
      return {
        snr,
        before: mean((cell) => before[cell]!),
        after: mean((cell) => before[cell]! + best.change[cell]!),
        crossValidated: mean((cell) => before[cell]! + bestWithout[foldOf(cell)]!.change[cell]!),
        lower: own
          .map((cell, label) => ({ class: complexes[label]!.name, change: best.change[cell]! }))
          .filter(({ change }) => change < 0),
      };
    }),
    classes: complexes.map(({ name }) => name),
    particlesPerClass,
    trials,
    seed,
    model,
    version: packageVersion(),
  };
  await writeFileAtomic(options.outputPath, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

interface Sample {
  /** Noise level and complex. */
  readonly cell: number;
  readonly probability: Float32Array;
  readonly volume: Float32Array;
  readonly mask: Uint8Array;
  readonly edge: number;
  readonly voxelSizeAngstrom: number;
}

interface Trial {
  readonly parameters: CrfParameters;
  /** Of each cell's mean Dice. */
  readonly change: Float64Array;
  readonly score: number;
}

function cellMeans(samples: readonly Sample[], cells: number, maskOf: (sample: Sample) => Float32Array): Float64Array {
  const [sums, counts] = [new Float64Array(cells), new Float64Array(cells)];
  for (const sample of samples) {
    sums[sample.cell]! += diceOf(maskOf(sample), sample.mask);
    counts[sample.cell]!++;
  }
  return sums.map((sum, cell) => sum / counts[cell]!);
}

function diceOf(probability: Float32Array, mask: Uint8Array): number {
  return dice(
    probability.map((p) => (p > 0.5 ? 1 : 0)),
    mask,
  );
}

function scoreOf(change: Float64Array, counts: (cell: number) => boolean): number {
  let [sum, number] = [0, 0];
  for (const [cell, value] of change.entries()) {
    if (!counts(cell)) continue;
    sum += value < 0 ? (1 + FALL_WEIGHT) * value : value;
    number++;
  }
  return sum / number;
}

function bestOf(tried: readonly Trial[], scoreOf: (trial: Trial) => number): Trial {
  return tried.reduce((best, trial) => (scoreOf(trial) > scoreOf(best) ? trial : best));
}

function nextTrial(tried: readonly Trial[], progress: number, random: Random): CrfParameters {
  const { parameters } = bestOf(tried, ({ score }) => score);
  const spread = progress < 1 / 3 ? undefined : 0.3 * (1.2 - progress);
  const next: { -readonly [name in keyof CrfParameters]: number } = { ...parameters };
  for (const name of NAMES) {
    const [low, high] = RANGES[name].map(Math.log) as [number, number];
    const drawn =
      spread === undefined
        ? random.uniform(low, high)
        : Math.log(parameters[name]) + spread * (high - low) * random.normal();
    next[name] = Number(Math.exp(Math.max(low, Math.min(high, drawn))).toPrecision(3));
  }
  return next;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
}
