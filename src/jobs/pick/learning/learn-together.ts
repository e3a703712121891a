/** What the classes learn from the candidates of all tomograms, at each scale. */
import { learnTogether, rowsOf, rowsOfEvidence, type TomogramLesson } from "../../../infer/index.js";
import { createRandom } from "../../../volume/index.js";
import { commonTilt, turned } from "../../search/index.js";
import { type IdentifiedSearch, identifyAgain, identifyAsTold, type LearntFromTomograms } from "../identify.js";
import type { IdentifiedSearches } from "../picked-tomogram.js";
import type { PickScales } from "../scales.js";

/**
 * Candidates that classes learn from, of all tomograms together; of more, as many of each tomogram, drawn at random. Groups
 * have been tried on so many, those of one large tomogram; of more they would be finer.
 */
const MOST_CANDIDATES = 2500;

/** What each scale's classes have learnt; undefined where they learn from each tomogram by itself. */
export type LearntAtScales = readonly (LearntFromTomograms | undefined)[];

/** A tomogram's candidates at each scale, as far as classes learn from them; undefined for a scale that has none. */
export type TomogramLessons = readonly (ScaleLesson | undefined)[];

interface ScaleLesson extends TomogramLesson {
  /** Maximum tilt angle of the tomogram; undefined where no frequencies are missing. */
  readonly tiltDegrees: number | undefined;
}

/** Of one of `count` tomograms, by its place among them. */
export function lessonsOf(searches: IdentifiedSearches, index: number, count: number): TomogramLessons {
  return searches.map((search, scale) => {
    const { settings, identities, embedded, evidence, examples, searched } = search;
    if (!isTaught(search) || identities.length === 0) return undefined;
    const most = Math.max(1, Math.floor(MOST_CANDIDATES / count));
    const random = createRandom(settings.seed).fork("lessons", index, scale);
    const all = [...identities.keys()];
    const rows = all.length <= most ? all : random.sample(all.length, most).sort((a, b) => a - b);
    const { classCount } = examples.supports;
    return {
      embedded: rowsOf(embedded, rows),
      evidence: evidence && rowsOfEvidence(evidence, rows, classCount),
      tiltDegrees: searched.adaptation.geometry?.tiltDegrees,
    };
  });
}

/** One tomogram has nothing to learn from others, and groups tell nothing where there are no particles of other complexes. */
function isTaught({ settings, networks }: Pick<IdentifiedSearch, "settings" | "networks">): boolean {
  const { learn, closedSet, tomogramPaths } = settings;
  return learn && !closedSet && tomogramPaths.length > 1 && networks.embedder.description.similarity === "cosine";
}

/** @throws ModelError, AbortError. */
export async function learnAtScales(
  tomograms: readonly TomogramLessons[],
  scales: PickScales,
): Promise<LearntAtScales> {
  const learnt: (LearntFromTomograms | undefined)[] = [];
  for (const [scale, { examples, networks, settings }] of scales.entries()) {
    const [first, ...others] = tomograms.flatMap((lessons) => lessons[scale] ?? []);
    const tiltDegrees = commonTilt([first, ...others].map((lesson) => lesson?.tiltDegrees));
    const { description } = networks.embedder;
    const compare = settings.compareOrientations ? turned(tiltDegrees, settings) : undefined;
    const together = first && (await learnTogether([first, ...others], examples.supports, { description, compare }));
    learnt.push(together && { ...together, tiltDegrees });
  }
  return learnt;
}

/**
 * The candidates as those classes see them, or where none have learnt together, as averages of each tomogram's own tell.
 * @throws ModelError, AbortError.
 */
export async function identifiedAgain(
  searches: IdentifiedSearches,
  learnt: LearntAtScales,
): Promise<IdentifiedSearches> {
  const again: IdentifiedSearch[] = [];
  for (const [scale, search] of searches.entries()) {
    const own = learnt[scale];
    again.push(own ? await identifyAgain(search, own) : identifyAsTold(search));
  }
  const [first, ...others] = again;
  return [first!, ...others]; // as many
}
