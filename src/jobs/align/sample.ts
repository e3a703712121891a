import { nodeRuntime } from "../../files/model/index.js";
import type { SubtomogramReader } from "../../files/particles/index.js";
import {
  type AlignerOptions,
  type Alignment,
  type AlignmentReference,
  addToShellSums,
  correlationOf,
  createAligner,
  createShellSums,
  type Subtomogram,
} from "../../infer/index.js";
import { breathe } from "../../progress.js";
import type { AlignResult, AlignSettings } from "./options.js";
import { mirrored, negative, type Reference } from "./reference.js";

/** What some of the particles tell of all. */
export interface SampleFindings {
  /** Correlation of particles and reference in each shell. */
  readonly correlation: Float64Array<ArrayBuffer>;
  /** The particles are dark where the reference is bright. */
  readonly isNegative: boolean;
  readonly hand: AlignResult["hand"];
}

/** Particles of the sample, evenly through the list; of those that hand and contrast are tested with. */
const [SAMPLE, TESTED] = [24, 12] as const;
/** As many frequencies' worth of experience is joined with what the sample shows. */
const EXPECTED_WORTH = 200;
const STAGE = "learning from some of the particles";

/**
 * Aligns some particles to the reference, its mirror image and its negative: whose hand and contrast they have, and what they have
 * in common with it at each resolution. @throws ModelError, AbortError; what reading throws.
 */
export async function learnFromSample(
  reader: SubtomogramReader,
  reference: Reference,
  options: AlignerOptions,
  { inverted, onProgress, signal }: AlignSettings,
): Promise<SampleFindings> {
  await using aligner = await createAligner(nodeRuntime, options);
  const rows = sampleOf(reader.list.particles.length, SAMPLE);
  const particles: Subtomogram[] = [];
  for (const row of rows) particles.push((await reader.read(row)).subtomogram);
  const tested = sampleOf(particles.length, TESTED).map((i) => particles[i]!);
  const { subtomogram, isParticle } = reference;
  const testsContrast = inverted === undefined && !isParticle;
  const total = particles.length + (isParticle ? 0 : tested.length) + (testsContrast ? tested.length : 0);
  let done = 0;
  const alignAll = async (boxes: readonly Subtomogram[], to: AlignmentReference): Promise<Alignment[]> => {
    const found: Alignment[] = [];
    for (const box of boxes) {
      onProgress?.({ stage: STAGE, done: done++, total });
      await breathe(signal);
      found.push(await aligner.align(box, to));
    }
    return found;
  };
  const scoresOf = async (to: Subtomogram) => (await alignAll(tested, aligner.prepare(to))).map(({ score }) => score);
  const negatives = testsContrast ? await scoresOf(negative(subtomogram)) : undefined;
  const ofPositive = testsContrast ? await scoresOf(subtomogram) : [];
  const isNegative = negatives !== undefined && sum(negatives) > sum(ofPositive);
  const seen = isNegative ? negative(subtomogram) : subtomogram;
  const prepared = aligner.prepare(seen);
  const alignments = await alignAll(particles, prepared);
  const sums = createShellSums(aligner.expected.length);
  for (const [i, { pose, confidence }] of alignments.entries())
    addToShellSums(sums, aligner.observe(particles[i]!), prepared, pose, confidence);
  const mirrors = isParticle ? undefined : await scoresOf(mirrored(seen));
  const own = sampleOf(particles.length, TESTED).map((i) => alignments[i]!.score);
  onProgress?.({ stage: STAGE, done: total, total });
  return {
    correlation: Float64Array.from(correlationOf(sums, aligner.expected, EXPECTED_WORTH)),
    isNegative,
    hand: mirrors && { asGiven: own.filter((score, i) => score > mirrors[i]!).length, of: own.length },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Up to `most` of the numbers from 0 to `count` - 1, in even steps. */
export function sampleOf(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}
