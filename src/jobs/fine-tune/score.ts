import { type Interval, meanInterval, oneShotAccuracies, wilsonInterval } from "../../evaluate/index.js";
import { nodeRuntime } from "../../files/model/index.js";
import { classifyEmbeddings, createEmbedder, similarityMatrix } from "../../infer/index.js";
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
  const truths = Array.from(heldOut.labels);
  const particles = truths.length;
  const correct = truths.filter((truth, index) => results[index]?.classIndex === truth).length;
  const surprise = truths.map((truth, index) => -Math.log(Math.max(1e-9, results[index]?.probabilities[truth] ?? 0)));
  const similarity = similarityMatrix(queries, supports, description);
  const labels = { exampleLabels: examples.labels, queryLabels: truths };
  const oneShot = meanInterval(oneShotAccuracies({ similarity, ...labels, draws: ONE_SHOT_DRAWS }));
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
