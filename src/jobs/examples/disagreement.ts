/** What looks wrong about examples that do not look like the others of their class, in sentences. */
import { disagreeingExamples, type LabelledExamples } from "../../infer/index.js";
import type { ModelDescription } from "../../model/index.js";

/** Examples as the network sees them, and what people know them by. */
export interface NamedExamples {
  readonly examples: LabelledExamples;
  /** Of each class. */
  readonly names: readonly string[];
  /** File and position of each example; undefined for poses of structures and maps, whose classes are not judged. */
  readonly sources: readonly (string | undefined)[];
  readonly description: ModelDescription;
  /** Classes from this index on are of negatives, which need not be alike. */
  readonly wantedClasses?: number;
}

const MOST_NAMED = 10;

/** One for each example of three or more of its class that is doubtful, and one for all beyond ten. */
export function disagreementWarnings({
  examples,
  names,
  sources,
  description,
  wantedClasses = names.length,
}: NamedExamples): string[] {
  const drawn = new Set(examples.labels.filter((_, i) => sources[i] === undefined));
  const isJudged = (label: number) => label < wantedClasses && !drawn.has(label);
  const found = disagreeingExamples(examples, description, isJudged);
  const warnings = found.slice(0, MOST_NAMED).map(({ example, label, ownSimilarity, nearer, others }) => {
    const own = ownSimilarity.toFixed(2);
    const finding = nearer
      ? `more like the examples of ${names[nearer.label]} (similarity ${nearer.similarity.toFixed(2)}) than the others of ${names[label]} (${own})`
      : `unlike the others of ${names[label]} (similarity ${own}, among themselves ${others.toFixed(2)})`;
    return `the example ${sources[example]} is given as ${names[label]}, but is ${finding}: check its class and position`;
  });
  return found.length > MOST_NAMED
    ? [...warnings, `${found.length - MOST_NAMED} more examples are unlike the others of their class`]
    : warnings;
}
