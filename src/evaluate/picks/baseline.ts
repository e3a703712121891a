import type { Vector3 } from "../../volume/index.js";
import { finiteMean } from "./bootstrap.js";
import { type DetectionScore, detectionScore, outcomesOf } from "./detection-score.js";
import { matchPicks } from "./match.js";
import { type PickedParticle, sortedClassNames, type TrueParticle } from "./particles.js";

/** What a template that knows nothing but a size finds: a ball of `radiusAngstrom`, its peaks by descending score. */
export interface SpherePeaks {
  readonly tomogram: string;
  readonly radiusAngstrom: number;
  readonly peaks: readonly { readonly positionAngstrom: Vector3; readonly score: number }[];
}

/** The score of the sphere template, every cut-off chosen with the truth in hand: the best that such a template can do. */
export interface SphereBaseline {
  /** By the radius that does best on all particles together. */
  readonly detection: DetectionScore;
  readonly detectionRadiusAngstrom: number;
  /** Each class by the template of its own radius; peaks on other classes are false, as for any picker. */
  readonly classes: readonly {
    readonly name: string;
    readonly radiusAngstrom: number;
    readonly score: DetectionScore;
  }[];
  readonly macroBestF1: number;
  readonly macroAveragePrecision: number;
}

/**
 * Scores the peaks of sphere templates as picks, to be put beside every figure of a picker.
 * @param radiusOfClass radius of the template that each true class is searched with, one of those in `peaks`.
 */
export function scoreSphereBaseline(
  peaks: readonly SpherePeaks[],
  truths: readonly TrueParticle[],
  radiusOfClass: ReadonlyMap<string, number>,
): SphereBaseline {
  const picksOf = (radiusAngstrom: number): PickedParticle[] =>
    peaks
      .filter((set) => set.radiusAngstrom === radiusAngstrom)
      .flatMap(({ tomogram, peaks: found }) => found.map((peak) => ({ tomogram, ...peak })));
  const score = (picks: readonly PickedParticle[], wanted: readonly TrueParticle[]) =>
    detectionScore(outcomesOf(picks, matchPicks(picks, wanted), wanted.length, true));
  const radii = [...new Set(peaks.map((set) => set.radiusAngstrom))];
  const pooled = radii.map((radiusAngstrom) => ({ radiusAngstrom, score: score(picksOf(radiusAngstrom), truths) }));
  const best = pooled.reduce((a, b) => ((b.score.best?.f1 ?? 0) > (a.score.best?.f1 ?? 0) ? b : a));
  const classes = sortedClassNames(truths.map((truth) => truth.className)).map((name) => {
    const radiusAngstrom = radiusOfClass.get(name)!;
    const wanted = truths.filter((truth) => truth.className === name);
    return { name, radiusAngstrom, score: score(picksOf(radiusAngstrom), wanted) };
  });
  return {
    detection: best.score,
    detectionRadiusAngstrom: best.radiusAngstrom,
    classes,
    macroBestF1: finiteMean(classes.map((entry) => entry.score.best?.f1 ?? 0)),
    macroAveragePrecision: finiteMean(classes.map((entry) => entry.score.averagePrecision)),
  };
}
