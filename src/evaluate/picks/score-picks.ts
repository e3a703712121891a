import type { Random } from "../../volume/index.js";
import { type ConfusionMatrix, confusionMatrix, summariseConfusion } from "../confusion.js";
import { type Interval, wilsonInterval } from "../intervals.js";
import { bootstrapIntervals, f1Interval, finiteMean } from "./bootstrap.js";
import { matchPicks, type PickMatch } from "./match.js";
import { type PickedParticle, sortedClassNames, type TrueParticle } from "./particles.js";
import {
  averagePrecision,
  bestPoint,
  f1Score,
  type PickOutcomes,
  type PrecisionRecallPoint,
  pickOutcomes,
  precisionRecallCurve,
} from "./precision-recall.js";

/** How well one set of picks finds one set of particles. */
export interface DetectionScore {
  readonly truths: number;
  readonly picks: number;
  readonly truePositives: number;
  /** Fraction of the picks that are particles; NaN without picks. */
  readonly precision: number;
  readonly precisionCi95: Interval;
  /** Fraction of the particles that were picked; NaN without particles. */
  readonly recall: number;
  readonly recallCi95: Interval;
  readonly f1: number;
  readonly f1Ci95: Interval;
  /** NaN when the picks have no scores. */
  readonly averagePrecision: number;
  readonly averagePrecisionCi95: Interval;
  /** At the cut-off of largest F1, chosen with the truth in hand; absent without scores. */
  readonly best?: PrecisionRecallPoint | undefined;
}

export interface ClassPickScore extends DetectionScore {
  readonly name: string;
}

/** Means over the classes that are in the truth. */
export interface MacroPickScore {
  readonly f1: number;
  readonly f1Ci95: Interval;
  readonly averagePrecision: number;
  readonly averagePrecisionCi95: Interval;
  /** Mean F1 with each class at its own best cut-off, chosen with the truth in hand; NaN without scores. */
  readonly bestF1: number;
}

/** Distances of matched picks to their particles. */
export interface LocalisationError {
  readonly matched: number;
  readonly meanAngstrom: number;
  readonly medianAngstrom: number;
  readonly percentile95Angstrom: number;
}

/** How well picked particles agree with the ground truth: where they are, and which class they are given. */
export interface PickScores {
  /** Classes left aside: is there a particle where the pick says? */
  readonly detection: DetectionScore;
  /** A pick counts for its own class only; the classes of the truth first, then those that only picks have. */
  readonly classes: readonly ClassPickScore[];
  readonly macro: MacroPickScore;
  /** Of the particles that were found, whatever they were taken for; "(no class)" for picks without one. */
  readonly confusion: ConfusionMatrix;
  /** Mean over the true classes of the fraction of found particles given the right class. */
  readonly meanClassAccuracy: number;
  readonly localisation: LocalisationError;
  readonly tomograms: readonly TomogramPickScore[];
  /** Of detection; empty without scores. */
  readonly curve: readonly PrecisionRecallPoint[];
  readonly hasScores: boolean;
}

export interface TomogramPickScore extends DetectionScore {
  readonly tomogram: string;
  readonly macroF1: number;
}

const NO_CLASS = "(no class)";

/**
 * Scores picks against the truth by one-to-one matching at a distance (see `matchPicks`), strictly: a second pick of a
 * particle, or a pick of nothing, is a false positive. Precision, recall and their intervals (Wilson) are those of the list
 * as it is; average precision and the best cut-off use the scores, which all picks must have.
 * @param random draws the bootstrap of average precision and means.
 */
export function scorePicks(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { random, resamples }: { readonly random: Random; readonly resamples?: number },
): PickScores {
  const hasScores = picks.length > 0 && picks.every((pick) => pick.score !== undefined && Number.isFinite(pick.score));
  const match = matchPicks(picks, truths);
  const detected = outcomesOf(picks, match, truths.length, hasScores);
  const trueNames = sortedClassNames(truths.map((truth) => truth.className));
  const otherNames = sortedClassNames(picks.flatMap(({ className }) => className ?? [])).filter(
    (name) => !trueNames.includes(name),
  );
  const classOutcomes = [...trueNames, ...otherNames].map((name) => {
    const own = picks.filter((pick) => pick.className === name);
    const wanted = truths.filter((truth) => truth.className === name);
    return outcomesOf(own, matchPicks(own, wanted), wanted.length, hasScores);
  });
  const bootstrap = { random: random.fork("classes"), ...(resamples !== undefined && { resamples }) };
  const intervals = bootstrapIntervals(classOutcomes.slice(0, trueNames.length), bootstrap);
  const pooled = bootstrapIntervals([detected], { ...bootstrap, random: random.fork("pooled") });
  const classes = classOutcomes.map(
    (outcomes, index): ClassPickScore => ({
      name: [...trueNames, ...otherNames][index],
      ...detectionScore(outcomes, intervals.averagePrecision[index] ?? UNKNOWN),
    }),
  );
  const real = classes.slice(0, trueNames.length);
  const confusion = confusionOf(picks, truths, match, trueNames);
  const recalls = summariseConfusion(confusion).classes.map((score) => score.recall);
  return {
    detection: detectionScore(detected, pooled.averagePrecision[0]),
    classes,
    macro: {
      f1: finiteMean(real.map((score) => score.f1)),
      f1Ci95: intervals.macroF1,
      averagePrecision: hasScores ? finiteMean(real.map((score) => score.averagePrecision)) : Number.NaN,
      averagePrecisionCi95: hasScores ? intervals.macroAveragePrecision : UNKNOWN,
      bestF1: hasScores ? finiteMean(real.map((score) => score.best?.f1 ?? 0)) : Number.NaN,
    },
    confusion,
    meanClassAccuracy: finiteMean(recalls.slice(0, trueNames.length)),
    localisation: localisationError(match),
    tomograms: byTomogram(picks, truths, { match, hasScores }),
    curve: precisionRecallCurve(detected),
    hasScores,
  };
}

const UNKNOWN: Interval = [Number.NaN, Number.NaN];

/** The outcomes of matched picks; without `hasScores` they stay in the order of the list. */
export function outcomesOf(
  picks: readonly PickedParticle[],
  { truthOfPick }: Pick<PickMatch, "truthOfPick">,
  truthCount: number,
  hasScores: boolean,
): PickOutcomes {
  const hits = Array.from(truthOfPick, (truth) => truth >= 0);
  return pickOutcomes(hits, hasScores ? picks.map(({ score = Number.NaN }) => score) : undefined, truthCount);
}

/** The score of one set of outcomes; average precision's interval comes from a bootstrap. */
export function detectionScore(outcomes: PickOutcomes, averagePrecisionCi95: Interval = UNKNOWN): DetectionScore {
  const picks = outcomes.hits.length;
  const truths = outcomes.truthCount;
  const truePositives = outcomes.hits.reduce((sum, hit) => sum + hit, 0);
  const area = averagePrecision(outcomes);
  const best = bestPoint(precisionRecallCurve(outcomes));
  return {
    truths,
    picks,
    truePositives,
    precision: truePositives / picks,
    precisionCi95: wilsonInterval(truePositives, picks),
    recall: truePositives / truths,
    recallCi95: wilsonInterval(truePositives, truths),
    f1: f1Score(truePositives, picks, truths),
    f1Ci95: f1Interval(truePositives, picks, truths),
    averagePrecision: area,
    averagePrecisionCi95: Number.isFinite(area) ? averagePrecisionCi95 : UNKNOWN,
    ...(best && { best }),
  };
}

function confusionOf(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { truthOfPick }: PickMatch,
  trueNames: readonly string[],
): ConfusionMatrix {
  const pairs = Array.from(truthOfPick.entries()).filter(([, truth]) => truth >= 0);
  const taken = pairs.map(([pick]) => picks[pick].className ?? NO_CLASS);
  const names = [...trueNames, ...sortedClassNames(taken).filter((name) => !trueNames.includes(name))];
  return confusionMatrix(
    pairs.map(([, truth]) => names.indexOf(truths[truth].className)),
    taken.map((name) => names.indexOf(name)),
    names,
  );
}

function localisationError({ distanceAngstrom }: PickMatch): LocalisationError {
  const sorted = distanceAngstrom.filter(Number.isFinite).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))] ?? Number.NaN;
  return {
    matched: sorted.length,
    meanAngstrom: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    medianAngstrom: at(0.5),
    percentile95Angstrom: at(0.95),
  };
}

/** Matches never cross tomograms, so each tomogram's score is a part of the whole's. */
function byTomogram(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { match, hasScores }: { readonly match: PickMatch; readonly hasScores: boolean },
): TomogramPickScore[] {
  const names = sortedClassNames([...truths, ...picks].map(({ tomogram }) => tomogram));
  return names.map((tomogram) => {
    const rows = Array.from(picks.keys()).filter((pick) => picks[pick].tomogram === tomogram);
    const own = rows.map((pick) => picks[pick]);
    const wanted = truths.filter((truth) => truth.tomogram === tomogram);
    const truthOfPick = Int32Array.from(rows, (pick) => match.truthOfPick[pick]);
    const outcomes = outcomesOf(own, { truthOfPick }, wanted.length, hasScores);
    const f1s = sortedClassNames(wanted.map((truth) => truth.className)).map((name) => {
      const classPicks = own.filter((pick) => pick.className === name);
      const classTruths = wanted.filter((truth) => truth.className === name);
      const found = matchPicks(classPicks, classTruths).truthOfPick.filter((truth) => truth >= 0).length;
      return f1Score(found, classPicks.length, classTruths.length);
    });
    return { tomogram, ...detectionScore(outcomes), macroF1: finiteMean(f1s) };
  });
}
