import {
  type DistractorBank,
  drawOpenSet,
  type Embedder,
  embedHalfTurns,
  fitOpenSet,
  type OpenSetModel,
} from "../infer/index.js";
import { createRenderer, type ImagingOptions, proceduralComplex } from "../simulate/index.js";
import { createRandom } from "../volume/index.js";
import { breathe, type Progress } from "./progress.js";

const COMPLEXES = 48;
const PER_COMPLEX = 8;
const CROWDING_POOL = 8;
/** Noise of the bank's particles: tomograms differ, and similarity to be expected with them. */
const SNRS = [0.25, 0.5, 1, 4];

export interface BankOptions extends Progress {
  readonly imaging: Partial<ImagingOptions>;
  readonly halfTurns: boolean;
  readonly seed: number;
}

/** Simulated particles of made-up complexes, half of them crowded, embedded as the candidates are. */
export async function simulateBank(embedder: Embedder, options: BankOptions): Promise<DistractorBank> {
  const { imaging, halfTurns, seed, onProgress, signal } = options;
  const { edge, embeddingSize: size, voxelSizeAngstrom } = embedder.description;
  const renderer = createRenderer({ ...imaging, boxSize: edge, voxelSizeAngstrom });
  const random = createRandom(seed).fork("other complexes");
  const complexes = Array.from({ length: COMPLEXES }, (_, i) => proceduralComplex(random.fork("complex", i)));
  const pool = complexes.slice(0, CROWDING_POOL);
  const embeddings = new Float32Array(COMPLEXES * PER_COMPLEX * size);
  const volumes = new Float32Array(PER_COMPLEX * edge ** 3);
  const mask = new Uint8Array(edge ** 3);
  for (const [index, complex] of complexes.entries()) {
    onProgress?.({ stage: "simulating other complexes", done: index, total: COMPLEXES });
    for (let i = 0; i < PER_COMPLEX; i++) {
      await breathe(signal);
      renderer.render(complex, {
        random: random.fork("particle", index, i),
        snr: SNRS[i % SNRS.length]!,
        neighbours: i % 2 === 0 ? [] : pool,
        into: { volume: volumes.subarray(i * edge ** 3, (i + 1) * edge ** 3), mask },
      });
    }
    const answer = halfTurns
      ? await embedHalfTurns(embedder, volumes, { signal })
      : await embedder.embed(volumes, { signal });
    embeddings.set(answer.embeddings, index * PER_COMPLEX * size);
  }
  onProgress?.({ stage: "simulating other complexes", done: COMPLEXES, total: COMPLEXES });
  return { embeddings, size, perClass: PER_COMPLEX };
}

/** The odds of being of an offered class, for so many classes and examples, and the share of such candidates here. */
export function openSetFor(
  bank: DistractorBank,
  similarities: Float64Array,
  { classCount, shots, seed }: { readonly classCount: number; readonly shots: number; readonly seed: number },
): OpenSetModel {
  const random = createRandom(seed).fork("open set", classCount, shots);
  return fitOpenSet(drawOpenSet(bank, { classCount, shots, random }), similarities);
}
