/** Classes that learn from the candidates of several tomograms at once. */
import type { ModelDescription } from "../../../model/index.js";
import { type Embedded, joinEmbedded } from "../../embedder.js";
import type { OrientationEvidence } from "../../orientation/compare-orientations.js";
import { joinRows } from "../../rows.js";
import type { LabelledExamples } from "../prototypes.js";
import { groupCandidates } from "./groups.js";
import { type LearntPrototypes, refinePrototypes } from "./learn-prototypes.js";

/** Candidates of one tomogram, at least one, and what is known of them; plain data. */
export interface TomogramLesson {
  readonly embedded: Pick<Embedded, "embeddings" | "size">;
  /** What orientations tell of their classes; undefined where they were not compared. */
  readonly evidence: OrientationEvidence | undefined;
}

/**
 * Prototypes that have learnt from the candidates of all tomograms, beside the groups that no class claims, as `refinePrototypes`
 * does from those of one. Undefined where all together are of few kinds, and there are no groups: then nothing is gained by
 * learning together. Where there are, much is, as few particles of a class do not show what groups there are: see
 * docs/experiments.md.
 */
export function learnTogether(
  lessons: readonly [TomogramLesson, ...TomogramLesson[]],
  examples: LabelledExamples,
  description: ModelDescription,
): LearntPrototypes | undefined {
  const [first, ...others] = lessons;
  const embedded = joinEmbedded([first.embedded, ...others.map((lesson) => lesson.embedded)]);
  const groups = groupCandidates(embedded);
  if (!groups) return undefined;
  const { classCount } = examples;
  const evidenceOf = ({ embedded: { embeddings, size }, evidence }: TomogramLesson): OrientationEvidence => {
    const length = (embeddings.length / size) * classCount;
    return evidence ?? { values: new Float32Array(length), likeness: new Float32Array(length).fill(Number.NaN) };
  };
  const all = lessons.map(evidenceOf);
  const evidence = {
    values: joinRows(all.map(({ values }) => values)),
    likeness: joinRows(all.map(({ likeness }) => likeness)),
  };
  return refinePrototypes(embedded, examples, description, { groups, evidence });
}
