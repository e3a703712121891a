import { countText } from "../../count-text.js";
import { alignColumns, percent } from "../align-columns.js";
import type { CalibrationScore } from "../calibration-error.js";
import type { Interval } from "../intervals.js";
import type { SphereBaseline } from "./baseline.js";
import type { DetectionScore } from "./detection-score.js";
import { offsetText } from "./localisation.js";
import type { PickScores } from "./score-picks.js";
import { hollowText, type Shrec21Score } from "./shrec21.js";

/** What the printed table shows. */
interface PickTableData {
  readonly scores: PickScores;
  readonly baseline?: SphereBaseline | undefined;
  readonly shrec21?: Shrec21Score | undefined;
}

/** The scores as aligned plain text: detection, classes with the sphere baseline beside each, tomograms, the contest's. */
export function pickScoresText({ scores, baseline, shrec21 }: PickTableData): string {
  const { detection, classes, macro, localisation, calibration, tomograms, hasScores } = scores;
  const lines = [
    "Detection, classes left aside (in % [95 % interval])",
    ...scoreLines(detection, hasScores),
    ...(baseline ? [`  sphere baseline    ${baselineText(baseline.detection)}`] : []),
    `  position error     median ${angstrom(localisation.medianAngstrom)}, mean ${angstrom(localisation.meanAngstrom)}, 95 % within ${angstrom(localisation.percentile95Angstrom)}`,
    ...(localisation.matched > 0
      ? [`  mean offset        ${offsetText(localisation)}${localisation.isShifted ? ": more than chance" : ""}`]
      : []),
    "",
    "Classes: a pick counts for its own class only",
    alignColumns([
      [
        ...["class", "particles", "picks", "precision", "recall", "F1", "AP"],
        ...(baseline ? ["sphere F1", "sphere AP"] : []),
      ],
      ...classes.map((score) => [
        score.name,
        String(score.truths),
        String(score.picks),
        ...[score.precision, score.recall, score.truths > 0 ? score.f1 : NaN, score.averagePrecision].map(percent),
        ...(baseline ? sphereCells(baseline.classes.find(({ name }) => name === score.name)?.score) : []),
      ]),
      [
        ...["mean of classes", "", "", "", "", percent(macro.f1), percent(macro.averagePrecision)],
        ...(baseline ? [percent(baseline.macroBestF1), percent(baseline.macroAveragePrecision)] : []),
      ],
    ]),
    `  mean F1 of classes ${withInterval(macro.f1, macro.f1Ci95)}${hasScores ? `; each at its best cut-off ${percent(macro.bestF1)}` : ""}`,
    `  found particles given the right class, mean of classes: ${percent(scores.meanClassAccuracy)} (by chance ${percent(1 / classes.filter(({ truths }) => truths > 0).length)})`,
  ];
  if (calibration) lines.push("", ...calibrationLines(calibration));
  if (tomograms.length > 1)
    lines.push(
      "",
      "Tomograms",
      alignColumns([
        ["tomogram", "particles", "picks", "precision", "recall", "F1", "AP", "mean class F1"],
        ...tomograms.map((score) => [
          score.tomogram,
          String(score.truths),
          String(score.picks),
          ...[score.precision, score.recall, score.f1, score.averagePrecision, score.macroF1].map(percent),
        ]),
      ]),
    );
  if (shrec21) {
    const hollow = shrec21.hollow > 0 ? [`  ${hollowText(shrec21.hollow)}`] : [];
    lines.push(
      "",
      "As the SHREC 2021 contest scored (lenient: a hit anywhere in a particle; false picks lower no class)",
      `  found ${shrec21.found} of ${shrec21.truths}, ${countText(shrec21.background, "pick")} in the background, ${countText(shrec21.multiple, "particle")} picked more than once`,
      ...hollow,
      `  precision ${percent(shrec21.precision)}, recall ${percent(shrec21.recall)}, F1 ${percent(shrec21.f1)}; mean F1 of classes ${percent(shrec21.macroF1)}`,
    );
  }
  return lines.join("\n");
}

function calibrationLines({ count, expectedError, meanProbability, fractionRight, bins }: CalibrationScore): string[] {
  return [
    `Probabilities of ${countText(count, "pick")} with a class: ${percent(meanProbability)} % on average, ${percent(fractionRight)} % right; expected calibration error ${percent(expectedError)}`,
    alignColumns([
      ["probability", "picks", "mean", "right"],
      ...bins.map((bin) => [
        `${percent(bin.from)} to ${percent(bin.to)}`,
        String(bin.count),
        percent(bin.meanProbability),
        percent(bin.fractionRight),
      ]),
    ]),
  ];
}

function scoreLines(score: DetectionScore, hasScores: boolean): string[] {
  const { truths, picks, truePositives, best } = score;
  return [
    `  ${truePositives} of ${countText(truths, "particle")} found by ${countText(picks, "pick")}`,
    `  precision          ${withInterval(score.precision, score.precisionCi95)}`,
    `  recall             ${withInterval(score.recall, score.recallCi95)}`,
    `  F1                 ${withInterval(score.f1, score.f1Ci95)}`,
    `  average precision  ${hasScores ? withInterval(score.averagePrecision, score.averagePrecisionCi95) : "- (the picks have no scores)"}`,
    ...(best
      ? [
          `  best cut-off       F1 ${percent(best.f1)} at score ${Number(best.cutoff.toPrecision(4))} (chosen with the truth)`,
        ]
      : []),
  ];
}

function baselineText({ best, averagePrecision, recall }: DetectionScore): string {
  if (!best) return `found nothing (recall ${percent(recall)})`;
  return `F1 ${percent(best.f1)} (precision ${percent(best.precision)}, recall ${percent(best.recall)}), AP ${percent(averagePrecision)}; cut-off chosen with the truth`;
}

function sphereCells(score: DetectionScore | undefined): string[] {
  return score ? [percent(score.best?.f1 ?? 0), percent(score.averagePrecision)] : ["-", "-"];
}

function withInterval(value: number, [low, high]: Interval): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function angstrom(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(1)} Å` : "-";
}
