import { type ConfusionMatrix, confusionMatrix } from "../confusion.js";
import { finiteMean } from "./bootstrap.js";
import { sortedClassNames } from "./particles.js";
import { f1Score } from "./precision-recall.js";

/** A prediction as the contest's scorer sees it: what it was taken for, and the particle whose voxels it lies in. */
export interface Shrec21Prediction {
  readonly className: string | undefined;
  /** Index of the particle whose dilated mask holds the rounded, clamped position; -1 for background. */
  readonly truth: number;
  /** The position is near enough to a particle to be matched with it, whatever its voxel says. */
  readonly isNearParticle?: boolean;
}

/** One class of the SHREC 2021 scores. */
export interface Shrec21ClassScore {
  readonly name: string;
  readonly truths: number;
  readonly recall: number;
  readonly precision: number;
  readonly f1: number;
}

/** Scores of the SHREC 2021 track on classification in cryo-electron tomograms. */
export interface Shrec21Score {
  readonly predictions: number;
  readonly truths: number;
  /** Particles that one or more predictions lie in. */
  readonly found: number;
  /** Predictions in the background. */
  readonly background: number;
  /** Those of them that are within the matching distance of a particle: in the hollow of a ring or barrel. */
  readonly hollow: number;
  /** Particles with more than one prediction. */
  readonly multiple: number;
  /** found / truths. */
  readonly recall: number;
  /** found / predictions. */
  readonly precision: number;
  readonly f1: number;
  /** Rows and columns are "background" and the true classes; a row is what the particle is. */
  readonly confusion: ConfusionMatrix;
  readonly classes: readonly Shrec21ClassScore[];
  readonly macroF1: number;
  readonly excluded: readonly string[];
}

/** Left out by the contest: they are not proteins with a defined position (compared without regard to case). */
const SHREC21_EXCLUDED = ["4V94", "vesicle"] as const;

/**
 * The score of the SHREC 2021 contest as published (I. Gubins et al., 2021; rules as its scorer applied them, with the
 * corrections that FakET made to it). Any prediction in the voxels of a particle finds it, however far from its centre; the
 * **first** prediction of a particle in the list decides its class; the confusion matrix has one entry a particle, so that
 * predictions in the background lower only the precision of localisation and no class's F1. It is lenient: compare with
 * `scorePicks`. Particles of an excluded class are taken out with what lies in them, but all predictions stay in the
 * denominator of precision; an excluded or unknown predicted class counts as background. A pick in the middle of a ring or
 * barrel lies in no voxel of it and is background by these rules; `hollow` counts such picks.
 */
export function scoreShrec21(
  predictions: readonly Shrec21Prediction[],
  truthClasses: readonly string[],
  { excluded = SHREC21_EXCLUDED }: { readonly excluded?: readonly string[] } = {},
): Shrec21Score {
  const isExcluded = (name: string) => excluded.some((other) => other.toLowerCase() === name.toLowerCase());
  const hits = truthClasses.map((): Shrec21Prediction[] => []);
  let [background, hollow] = [0, 0];
  for (const prediction of predictions) {
    if (prediction.truth < 0) {
      background++;
      if (prediction.isNearParticle) hollow++;
    } else hits[prediction.truth].push(prediction);
  }
  const counted = Array.from(truthClasses.keys()).filter((truth) => !isExcluded(truthClasses[truth]));
  const names = ["background", ...sortedClassNames(counted.map((truth) => truthClasses[truth]))];
  const indexOf = new Map(names.map((name, index) => [name.toLowerCase(), index]));
  const confusion = confusionMatrix(
    counted.map((truth) => names.indexOf(truthClasses[truth])),
    counted.map((truth) => indexOf.get(hits[truth][0]?.className?.toLowerCase() ?? "background") ?? 0),
    names,
  );
  const found = counted.filter((truth) => hits[truth].length > 0).length;
  const classes = names.slice(1).map((name, i) => classScore(confusion, name, i + 1));
  return {
    predictions: predictions.length,
    truths: counted.length,
    found,
    background,
    hollow,
    multiple: counted.filter((truth) => hits[truth].length > 1).length,
    recall: found / counted.length,
    precision: found / predictions.length,
    f1: f1Score(found, predictions.length, counted.length),
    confusion,
    classes,
    macroF1: finiteMean(classes.map((score) => score.f1)),
    excluded: sortedClassNames(truthClasses.filter(isExcluded)),
  };
}

/** What the contest's rule makes of hollow particles, for people. */
export function hollowText(hollow: number): string {
  const picks = hollow === 1 ? "1 of these picks is" : `${hollow} of these picks are`;
  return `${picks} within the matching distance of a particle: the contest's rule looks at the one voxel under a pick, and a ring or barrel has none in its middle`;
}

function classScore({ classNames, counts }: ConfusionMatrix, name: string, index: number): Shrec21ClassScore {
  const n = classNames.length;
  let truths = 0;
  let taken = 0;
  for (let other = 0; other < n; other++) {
    truths += counts[index * n + other];
    taken += counts[other * n + index];
  }
  const right = counts[index * n + index];
  return { name, truths, recall: right / truths, precision: right / taken, f1: f1Score(right, taken, truths) };
}
