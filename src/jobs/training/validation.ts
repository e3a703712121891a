import { runEpisodes } from "../../evaluate/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import { createEmbedder, similarityMatrix } from "../../infer/index.js";
import type { Progress } from "../../progress.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "../benchmark/index.js";

const SNRS = [1000, 0.5] as const;
const WAYS = [2, 6];
const EPISODES = 4000;

/** Accuracy and Dice on the validation complexes, by task. */
export interface ValidationScores {
  /** Mean of the accuracies and of the Dice coefficients below: what early stopping looks at. */
  readonly score: number;
  readonly [figure: string]: number;
}

/** Fixed particles of complexes that are never trained on, half of them crowded: the same ones at each noise level. */
export type ValidationSet = readonly { readonly snr: number; readonly particles: LabelledParticles }[];

export async function renderValidationSet(
  complexes: readonly Complex[],
  { views, seed, onProgress }: Pick<Progress, "onProgress"> & { readonly views: number; readonly seed: number },
): Promise<ValidationSet> {
  const random = createRandom(seed).fork("validation");
  const set = [];
  for (const snr of SNRS) {
    const stage = `imaging particles to validate on, SNR ${snr}`;
    const options = { perClass: views, snr, random, neighbours: complexes, stage, onProgress };
    set.push({ snr, particles: await renderLabelledParticles(complexes, options) });
  }
  return set;
}

/** Episode accuracies and mean Dice of a model file on the validation set. */
export async function validate(
  model: Uint8Array,
  set: ValidationSet,
  { threads, onProgress }: Pick<Progress, "onProgress"> & { readonly threads: number | undefined },
): Promise<ValidationScores> {
  await using embedder = await createEmbedder(nodeRuntime, model, { threads });
  const figures: Record<string, number> = {};
  const total = set.reduce((sum, { particles }) => sum + particles.labels.length, 0);
  let before = 0;
  for (const { snr, particles } of set) {
    const { labels } = particles;
    const embedded = await embedder.embed(particles.volumes, {
      onProgress: (done) => onProgress?.({ stage: "validating", done: before + done, total }),
    });
    before += labels.length;
    const similarity = similarityMatrix(embedded, embedded, embedder.description);
    const classes = new Set(labels).size;
    for (const way of WAYS.filter((way) => way <= classes)) {
      const random = createRandom("validation episodes");
      const { accuracy } = runEpisodes({ similarity, labels, way, shot: 1, episodes: EPISODES, random });
      figures[`accuracy ${way}-way SNR ${snr}`] = accuracy;
    }
    if (embedded.masks) {
      const scores = maskDices(particles, embedded.masks);
      figures[`Dice SNR ${snr}`] = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    }
  }
  const all = Object.values(figures);
  return { score: all.reduce((sum, value) => sum + value, 0) / all.length, ...figures };
}
