/** What the classes learn from the candidates of all tomograms, at each scale. */
import {
  type LearntPrototypes,
  learnTogether,
  rowsOf,
  rowsOfEvidence,
  type TomogramLesson,
} from "../../../infer/index.js";
import { createRandom } from "../../../volume/index.js";
import { type IdentifiedSearch, identifyAgain } from "../identify.js";
import type { IdentifiedSearches } from "../picked-tomogram.js";
import type { PickScales } from "../scales.js";

/**
 * Candidates that classes learn from, of all tomograms together; of more, as many of each tomogram, drawn at random. Groups
 * have been tried on so many, those of one large tomogram; of more they would be finer.
 */
const MOST_CANDIDATES = 2500;

/** What each scale's classes have learnt; undefined where they learn from each tomogram by itself. */
export type LearntAtScales = readonly (LearntPrototypes | undefined)[];

/** A tomogram's candidates at each scale, as far as classes learn from them; undefined for a scale that has none. */
export type TomogramLessons = readonly (TomogramLesson | undefined)[];

/** Of one of `count` tomograms, by its place among them. */
export function lessonsOf(searches: IdentifiedSearches, index: number, count: number): TomogramLessons {
  return searches.map((search, scale) => {
    const { settings, identities, embedded, evidence, examples } = search;
    if (!isTaught(search) || identities.length === 0) return undefined;
    const most = Math.max(1, Math.floor(MOST_CANDIDATES / count));
    const random = createRandom(settings.seed).fork("lessons", index, scale);
    const all = [...identities.keys()];
    const rows = all.length <= most ? all : random.sample(all.length, most).sort((a, b) => a - b);
    const { classCount } = examples.supports;
    return {
      embedded: rowsOf(embedded, rows),
      evidence: evidence && rowsOfEvidence(evidence, rows, classCount),
    };
  });
}

/** One tomogram has nothing to learn from others, and groups tell nothing where there are no particles of other complexes. */
function isTaught({ settings, networks }: Pick<IdentifiedSearch, "settings" | "networks">): boolean {
  const { learn, closedSet, tomogramPaths } = settings;
  return learn && !closedSet && tomogramPaths.length > 1 && networks.embedder.description.similarity === "cosine";
}

export function learnAtScales(tomograms: readonly TomogramLessons[], scales: PickScales): LearntAtScales {
  return scales.map(({ examples, networks }, scale) => {
    const [first, ...others] = tomograms.flatMap((lessons) => lessons[scale] ?? []);
    return first && learnTogether([first, ...others], examples.supports, networks.embedder.description);
  });
}

/** The candidates as those classes see them. */
export function identifiedAgain(searches: IdentifiedSearches, learnt: LearntAtScales): IdentifiedSearches {
  const [first, ...others] = searches.map((search, scale) => {
    const own = learnt[scale];
    return own ? identifyAgain(search, own) : search;
  });
  return [first!, ...others]; // as many
}
