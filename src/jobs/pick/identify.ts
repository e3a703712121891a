/** Which class each candidate is of, and what that hangs on. */
import {
  bestSimilarities,
  type CutOffRow,
  classSimilarities,
  cutOffTable,
  type DistractorBank,
  type Identity,
  identify,
  type OpenSetModel,
  type SupportDependence,
  type Supports,
  supportCounts,
  supportDependence,
  weighBank,
} from "../../infer/index.js";
import type { ModelDescription } from "../../model/index.js";
import type { SearchedTomogram } from "../search/index.js";
import { openSetFor } from "./open-set.js";

export interface Identified {
  readonly identities: readonly Identity[];
  /**
   * Which candidates are picks: their class is one that is looked for, and it is more probable that they are of one of the
   * classes than that they are of none.
   */
  readonly accepted: readonly boolean[];
  /** The score by which picks are ranked: detection score times probability of the class. */
  readonly scores: readonly number[];
  readonly openSet: OpenSetModel | undefined;
  readonly cutOffs: readonly CutOffRow[];
  readonly dependence: readonly SupportDependence[];
}

export interface IdentifySettings {
  readonly description: ModelDescription;
  /** Classes from this index on are of negative examples. */
  readonly wantedClasses: number;
  /** Undefined when every particle is of one of the classes. */
  readonly bank: DistractorBank | undefined;
  /** Let the classes learn from the candidates. */
  readonly learn: boolean;
  readonly cutOff: number;
  readonly seed: number;
}

export function identifyCandidates(
  { embedded, candidates }: Pick<SearchedTomogram, "embedded" | "candidates">,
  supports: Supports,
  settings: IdentifySettings,
): Identified {
  const { description, wantedClasses, bank, learn, cutOff, seed } = settings;
  const { classCount } = supports;
  const counts = supportCounts(supports);
  const openSet =
    bank &&
    openSetFor(
      weighBank(bank, embedded),
      bestSimilarities(classSimilarities(embedded, supports, description), classCount),
      {
        classCount,
        shots: median(counts),
        seed,
      },
    );
  const options = { description, openSet, refine: learn };
  const identities = identify(embedded, supports, options);
  const accepted = identities.map(
    ({ classIndex, probability, knownProbability }) =>
      classIndex < wantedClasses && probability >= cutOff && knownProbability >= 0.5,
  );
  const acceptedIndices = accepted.flatMap((yes, index) => (yes ? [index] : []));
  return {
    identities,
    accepted,
    scores: identities.map(({ probability }, i) => probability * candidates[i]!.score),
    openSet,
    cutOffs: cutOffTable(
      identities.flatMap(({ classIndex, probability }) => (classIndex < wantedClasses ? [probability] : [])),
    ),
    dependence: supportDependence(embedded, supports, acceptedIndices, options),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 1;
}
