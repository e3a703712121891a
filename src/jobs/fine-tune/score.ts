import { type Interval, meanInterval, wilsonInterval } from "../../evaluate/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import { classifyEmbeddings, createEmbedder, similarityMatrix } from "../../infer/index.js";
import { createRandom } from "../../volume/index.js";
import type { OwnParticles } from "./particles.js";

/** How well held-out particles are told apart by the particles learnt from, among all of the user's classes. */
export interface HeldOutScores {
  readonly particles: number;
  readonly correct: number;
  /** With all particles learnt from as examples. */
  readonly accuracy: number;
  readonly ci95: Interval;
  /** With one example of each class, over `ONE_SHOT_DRAWS` draws of them; the interval is over particles. */
  readonly oneShotAccuracy: number;
  readonly oneShotCi95: Interval;
  /** Mean of -log(probability of the right class), all examples: what the best step is chosen by. */
  readonly logLoss: number;
}

const ONE_SHOT_DRAWS = 200;

export async function scoreHeldOut(
  model: Uint8Array,
  { training: examples, heldOut, names }: OwnParticles,
  { threads, signal }: { readonly threads: number | undefined; readonly signal: AbortSignal | undefined },
): Promise<HeldOutScores> {
  await using embedder = await createEmbedder(nodeRuntime, model, { threads });
  const { description } = embedder;
  const classCount = names.length;
  const supports = await embedder.embed(examples.volumes, { signal });
  const queries = await embedder.embed(heldOut.volumes, { signal });
  const results = classifyEmbeddings(queries, supports, examples.labels, { classCount, description });
  const truth = (index: number): number => heldOut.labels[index]!;
  const particles = heldOut.labels.length;
  const correct = results.filter(({ classIndex }, index) => classIndex === truth(index)).length;
  const surprise = results.map(({ probabilities }, index) => -Math.log(Math.max(1e-9, probabilities[truth(index)]!)));
  const similarity = similarityMatrix(queries, supports, description);
  const oneShot = meanInterval(oneShotAccuracies(similarity, examples.labels, heldOut.labels, classCount));
  return {
    particles,
    correct,
    accuracy: correct / particles,
    ci95: wilsonInterval(correct, particles),
    oneShotAccuracy: oneShot.mean,
    oneShotCi95: [Math.max(0, oneShot.ci95[0]), Math.min(1, oneShot.ci95[1])],
    logLoss: surprise.reduce((sum, value) => sum + value, 0) / particles,
  };
}

/** Of each query: the share of draws of one example a class in which its own class's example is the most similar. */
function oneShotAccuracies(
  similarity: Float32Array,
  exampleLabels: ArrayLike<number>,
  queryLabels: ArrayLike<number>,
  classCount: number,
): Float64Array {
  const count = exampleLabels.length;
  const members = Array.from({ length: classCount }, (_, label) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => exampleLabels[i] === label),
  );
  const random = createRandom("one-shot draws");
  const accuracies = new Float64Array(queryLabels.length);
  for (let draw = 0; draw < ONE_SHOT_DRAWS; draw++) {
    const supports = members.map((candidates) => random.pick(candidates));
    for (let query = 0; query < accuracies.length; query++) {
      const own = similarity[query * count + supports[queryLabels[query]!]!]!;
      const beaten = supports.some(
        (support, label) => label !== queryLabels[query] && similarity[query * count + support]! >= own,
      );
      if (!beaten) accuracies[query]! += 1 / ONE_SHOT_DRAWS;
    }
  }
  return accuracies;
}
