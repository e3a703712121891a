import type { Random } from "../../volume/index.js";
import { type CalibrationScore, calibrationScore } from "../calibration-error.js";
import { type ConfusionMatrix, confusionMatrix, summariseConfusion } from "../confusion.js";
import type { Interval } from "../intervals.js";
import { bootstrapIntervals, finiteMean } from "./bootstrap.js";
import { type DetectionScore, detectionScore, outcomesOf, UNKNOWN } from "./detection-score.js";
import { type LocalisationError, localisationError } from "./localisation.js";
import { matchPicks, type PickMatch } from "./match.js";
import { type PickedParticle, rowsByName, sortedClassNames, type TrueParticle } from "./particles.js";
import { type PrecisionRecallPoint, precisionRecallCurve } from "./precision-recall.js";
import { scoreTomograms, type TomogramPickScore } from "./score-tomograms.js";

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
  /** Of the probabilities of picks that have a class: right is a pick of a particle of its class. Undefined without any. */
  readonly calibration: CalibrationScore | undefined;
  readonly tomograms: readonly TomogramPickScore[];
  /** Of detection; empty without scores. */
  readonly curve: readonly PrecisionRecallPoint[];
  readonly hasScores: boolean;
}

const NO_CLASS = "(no class)";

function classOf({ className }: PickedParticle | TrueParticle): string | undefined {
  return className;
}

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
  const [pickRows, truthRows] = [rowsByName(picks, classOf), rowsByName(truths, classOf)];
  const trueNames = sortedClassNames(truthRows.keys());
  const otherNames = sortedClassNames(pickRows.keys()).filter((name) => !truthRows.has(name));
  const isRight = new Uint8Array(picks.length);
  const classOutcomes = [...trueNames, ...otherNames].map((name) => {
    const rows = pickRows.get(name) ?? [];
    const own = rows.map((pick) => picks[pick]);
    const wanted = (truthRows.get(name) ?? []).map((truth) => truths[truth]);
    const found = matchPicks(own, wanted);
    for (const [i, pick] of rows.entries()) if (found.truthOfPick[i] >= 0) isRight[pick] = 1;
    return outcomesOf(own, found, wanted.length, hasScores);
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
    localisation: localisationError(picks, truths, match),
    calibration: calibrationOf(picks, isRight),
    tomograms: scoreTomograms(picks, truths, { match, isRight, hasScores }),
    curve: precisionRecallCurve(detected),
    hasScores,
  };
}

function calibrationOf(picks: readonly PickedParticle[], isRight: Uint8Array): CalibrationScore | undefined {
  const rows = [...picks.keys()].filter((pick) => {
    const { probability, className } = picks[pick];
    return className !== undefined && probability !== undefined && probability >= 0 && probability <= 1;
  });
  if (rows.length === 0) return undefined;
  return calibrationScore(
    rows.map((pick) => picks[pick].probability ?? 0),
    rows.map((pick) => isRight[pick] === 1),
  );
}

function confusionOf(
  picks: readonly PickedParticle[],
  truths: readonly TrueParticle[],
  { truthOfPick }: PickMatch,
  trueNames: readonly string[],
): ConfusionMatrix {
  const matched = Array.from(picks.keys()).filter((pick) => truthOfPick[pick] >= 0);
  const taken = matched.map((pick) => picks[pick].className ?? NO_CLASS);
  const real = new Set(trueNames);
  const names = [...trueNames, ...sortedClassNames(taken).filter((name) => !real.has(name))];
  const indexOf = new Map(names.map((name, index) => [name, index]));
  return confusionMatrix(
    matched.map((pick) => indexOf.get(truths[truthOfPick[pick]].className) ?? -1),
    taken.map((name) => indexOf.get(name) ?? -1),
    names,
  );
}
