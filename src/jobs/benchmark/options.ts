import { join } from "node:path";
import { ConfigError } from "../../errors.js";
import { splitComplexes } from "../../files/complexes/index.js";
import { fileExists } from "../../files/disk/index.js";
import type { CrfChoice, Precision } from "../../infer/index.js";
import { DEFAULT_SEED, type Progress } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";

/** What a benchmark always has, given or by default. */
export interface EpisodeSettings {
  readonly ways: readonly number[];
  readonly shots: readonly number[];
  /** Infinity for no noise. */
  readonly snrs: readonly number[];
  readonly episodes: number;
  readonly particlesPerClass: number;
  readonly seed: number;
}

export interface BenchmarkOptions extends Progress, Partial<EpisodeSettings> {
  /** Folders of structures and maps; of a folder that has a subfolder `test`, that one instead. */
  readonly structureFolders: readonly string[];
  /** Only the structures that a training on these folders holds out to validate on. */
  readonly heldOut?: boolean;
  /** How often examples are drawn anew, the same for all particles, to see how much accuracy depends on them; 0 for not at all. */
  readonly exampleDraws?: number;
  /** Average embeddings and masks over the four 180° rotations that keep the missing wedge: four times the cost. */
  readonly testTimeAveraging?: boolean;
  /** Compare orientations, too, as `classify` does: every pair of particles, about 1 ms each. Default false. */
  readonly compareOrientations?: boolean;
  /** How masks are refined for the second Dice of each class. Default "fitted". */
  readonly crf?: CrfChoice;
  /** Make the refined masks with those of the other particles of the same, given class, too. Default false. */
  readonly commonMasks?: boolean;
  readonly modelPath?: string | undefined;
  readonly threads?: number | undefined;
  /** What the network computes in. Default "float32", as it was trained and as its published figures are. */
  readonly precision?: Precision | undefined;
}

export const benchmarkDefaults = {
  ways: [2, 4, 6],
  shots: [1, 5],
  snrs: [Number.POSITIVE_INFINITY, 1000, 0.5],
  episodes: 2000,
  particlesPerClass: 100,
  seed: DEFAULT_SEED,
} as const satisfies EpisodeSettings;

/** The options with every default filled in. */
export function settingsOf(options: BenchmarkOptions, defaults: EpisodeSettings) {
  const crf: CrfChoice = "fitted";
  const precision: Precision = "float32";
  return {
    ...defaults,
    ...{ precision, heldOut: false, exampleDraws: 0, testTimeAveraging: false, compareOrientations: false },
    ...{ crf, commonMasks: false },
    ...options,
  };
}

export type BenchmarkSettings = ReturnType<typeof settingsOf>;

/**
 * The complexes that a benchmark is about, in order of name.
 * @throws ConfigError when they are fewer than the ways, or the particles fewer than shots + 1; otherwise as loading
 * structures does.
 */
export async function benchmarkComplexes(settings: BenchmarkSettings): Promise<Complex[]> {
  const { ways, shots, particlesPerClass } = settings;
  const folders: string[] = [];
  for (const folder of settings.structureFolders) {
    const test = join(folder, "test");
    folders.push((await fileExists(test)) ? test : folder);
  }
  const { training, heldOut } = await splitComplexes(folders, settings);
  const complexes = settings.heldOut
    ? heldOut
    : [...training, ...heldOut].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const mostWays = Math.max(...ways);
  if (complexes.length < mostWays)
    throw new ConfigError(`${mostWays}-way episodes need ${mostWays} complexes; the folder holds ${complexes.length}`, {
      hint: "Lower --ways, or add structures to the folder.",
    });
  const mostShots = Math.max(...shots);
  if (particlesPerClass <= mostShots)
    throw new ConfigError(`${mostShots}-shot episodes need more than ${mostShots} particles of each class`, {
      hint: `Give --particles ${10 * mostShots} or so.`,
    });
  return complexes;
}
