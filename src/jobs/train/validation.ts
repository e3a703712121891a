import { runEpisodes } from "../../evaluate/index.js";
import type { ValidationScores } from "../../files/model/index.js";
import { createEmbedder, similarityMatrix } from "../../infer/index.js";
import type { OnnxRuntime } from "../../runtime/index.js";
import type { Complex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type LabelledParticles, maskDices, renderLabelledParticles } from "../benchmark/index.js";

const SNRS = [1000, 0.5];
const WAYS = [2, 6];
const EPISODES = 4000;

/** Fixed particles of complexes that are never trained on, half of them crowded: the same ones at each noise level. */
export type ValidationSet = readonly { readonly snr: number; readonly particles: LabelledParticles }[];

export async function renderValidationSet(
  complexes: readonly Complex[],
  views: number,
  seed: number,
): Promise<ValidationSet> {
  const random = createRandom(seed).fork("validation");
  const at = async (snr: number) => ({
    snr,
    particles: await renderLabelledParticles(complexes, { perClass: views, snr, random, neighbours: complexes }),
  });
  return [await at(SNRS[0]!), await at(SNRS[1]!)];
}

/** Episode accuracies and mean Dice of a model file on the validation set. */
export async function validate(
  runtime: OnnxRuntime,
  model: Uint8Array,
  set: ValidationSet,
  threads: number | undefined,
): Promise<ValidationScores> {
  const embedder = await createEmbedder(runtime, model, threads === undefined ? {} : { threads });
  try {
    const figures: Record<string, number> = {};
    for (const { snr, particles } of set) {
      const { labels } = particles;
      const embedded = await embedder.embed(particles.volumes);
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
  } finally {
    await embedder.release();
  }
}
