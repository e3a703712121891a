import { dice, runEpisodes } from "../evaluate/index.js";
import { createEmbedder, similarityMatrix } from "../infer/index.js";
import type { OnnxRuntime } from "../runtime/index.js";
import { type Complex, createRenderer } from "../simulate/index.js";
import { createRandom } from "../volume/index.js";
import type { ValidationScores } from "./checkpoint.js";

const SNRS = [1000, 0.5];
const WAYS = [2, 6];
const EPISODES = 4000;

export interface ValidationSet {
  readonly volumes: Float32Array;
  readonly masks: Uint8Array;
  readonly labels: Int32Array;
}

/** Fixed particles of complexes that are never trained on, half of them crowded. One block of all classes for each SNR. */
export function renderValidationSet(complexes: readonly Complex[], views: number, seed: number): ValidationSet {
  const renderer = createRenderer();
  const voxels = renderer.options.boxSize ** 3;
  const perSnr = complexes.length * views;
  const volumes = new Float32Array(SNRS.length * perSnr * voxels);
  const masks = new Uint8Array(volumes.length);
  const labels = Int32Array.from({ length: perSnr }, (_, i) => Math.floor(i / views));
  const random = createRandom(seed).fork("validation");
  SNRS.forEach((snr, block) => {
    for (let i = 0; i < perSnr; i++) {
      const at = (block * perSnr + i) * voxels;
      renderer.render(complexes[labels[i]!]!, {
        random: random.fork("particle", i),
        snr,
        neighbours: i % 2 === 0 ? complexes : [],
        into: { volume: volumes.subarray(at, at + voxels), mask: masks.subarray(at, at + voxels) },
      });
    }
  });
  return { volumes, masks, labels };
}

/** Episode accuracies and mean Dice of a model file on the validation set. */
export async function validate(
  runtime: OnnxRuntime,
  model: Uint8Array,
  { volumes, masks, labels }: ValidationSet,
  threads: number | undefined,
): Promise<ValidationScores> {
  const embedder = await createEmbedder(runtime, model, threads === undefined ? {} : { threads });
  try {
    const figures: Record<string, number> = {};
    const voxelsPerSnr = volumes.length / SNRS.length;
    const voxels = voxelsPerSnr / labels.length;
    const classes = new Set(labels).size;
    for (const [block, snr] of SNRS.entries()) {
      const at = block * voxelsPerSnr;
      const embedded = await embedder.embed(volumes.subarray(at, at + voxelsPerSnr));
      const similarity = similarityMatrix(embedded, embedded, embedder.description);
      for (const way of WAYS.filter((way) => way <= classes)) {
        const random = createRandom("validation episodes");
        const { accuracy } = runEpisodes({ similarity, labels, way, shot: 1, episodes: EPISODES, random });
        figures[`accuracy ${way}-way SNR ${snr}`] = accuracy;
      }
      if (embedded.masks) {
        let sum = 0;
        for (let i = 0; i < labels.length; i++) {
          const predicted = embedded.masks.subarray(i * voxels, (i + 1) * voxels).map((p) => (p > 0.5 ? 1 : 0));
          sum += dice(predicted, masks.subarray(at + i * voxels, at + (i + 1) * voxels));
        }
        figures[`Dice SNR ${snr}`] = sum / labels.length;
      }
    }
    const all = Object.values(figures);
    return { score: all.reduce((sum, value) => sum + value, 0) / all.length, ...figures };
  } finally {
    await embedder.release();
  }
}
