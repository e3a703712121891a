import { countText } from "../../count-text.js";
import {
  type ClassPickScore,
  type DetectionScore,
  hollowText,
  type Interval,
  offsetText,
  type PickScores,
  type PrecisionRecallPoint,
  type Shrec21Score,
  type SphereBaseline,
} from "../../evaluate/index.js";
import { confusionChart } from "../chart/confusion-chart.js";
import { intervalBars } from "../chart/interval-bars.js";
import { lineChart } from "../chart/line-chart.js";
import { classColour } from "../chart/palette.js";
import type { RunInformation } from "../page/data.js";
import { plainTable } from "../page/data-table.js";
import { html, type Markup } from "../page/markup.js";
import { groupedText, percentRange, percentText } from "../page/number-text.js";
import { factTable, type HeadlineFigure, panel, panels, runPage, section, type Terms } from "../page/page.js";
import { warningSection } from "../page/warning-section.js";

export interface EvaluateReportData {
  readonly scores: PickScores;
  readonly baseline?: SphereBaseline | undefined;
  readonly shrec21?: Shrec21Score | undefined;
  /** Largest distance at which a pick matches a particle, by class. */
  readonly matchDistanceAngstrom: Readonly<Record<string, number>>;
  /** The rule in words. */
  readonly matchRule: string;
  /** What was assumed or is odd, in sentences. */
  readonly warnings?: readonly string[];
  readonly run: Omit<RunInformation, "model">;
}

/** More squares or bars than these nobody reads. */
const [MOST_CLASSES_DRAWN, MOST_BARS] = [60, 100];

/** The page of `cosnet evaluate`: how many particles were found and how many picks are false, by class, beside a baseline. */
export function evaluateReport(data: EvaluateReportData): string {
  const { scores, baseline, shrec21, matchRule, warnings = [], run } = data;
  const { detection, macro, localisation } = scores;
  return runPage({
    title: `picks scored, F1 ${percentText(detection.f1)}`,
    kind: "evaluation of picks",
    answer: {
      title: `${countText(detection.truePositives, "particle")} of ${groupedText(detection.truths)} found, ${countText(detection.picks - detection.truePositives, "false pick")}`,
      lead: `Picks and particles are matched one to one: ${matchRule}.`,
      figures: [
        figure(
          "F1 of detection",
          detection.f1,
          detection.f1Ci95,
          baseline && `sphere template at its best cut-off: ${percentText(baseline.detection.best?.f1 ?? 0)}`,
        ),
        figure("of the picks are particles", detection.precision, detection.precisionCi95, "precision"),
        figure("of the particles are picked", detection.recall, detection.recallCi95, "recall"),
        figure(
          "mean F1 of the classes",
          macro.f1,
          macro.f1Ci95,
          baseline && `sphere template: ${percentText(baseline.macroBestF1)}`,
        ),
      ],
    },
    sections: [
      warningSection(warnings),
      section(
        "Detection",
        `Whatever the class. Matched picks are ${localisation.medianAngstrom.toFixed(1)} Å from their particles (median; 95 % within ${localisation.percentile95Angstrom.toFixed(1)} Å).${offsetSentence(localisation)}`,
        panels(
          scores.hasScores ? curvePanel(scores.curve, detection, baseline) : undefined,
          tomogramPanel(scores.tomograms),
        ),
      ),
      section(
        "Classes",
        "A pick counts for its own class only: one of the wrong class is a false positive of the class it names and leaves a particle of the other class unfound.",
        panels(
          panel(
            "F1 by class",
            `Whiskers are 95 % intervals. ${baseline ? "The table gives what a sphere template reaches." : "Give the tomogram (--tomogram) to see what a sphere template reaches."}`,
            f1Bars(
              "F1 by class",
              scores.classes.filter(({ truths }) => truths > 0),
            ),
          ),
          panel(
            "Classes given to the particles found",
            `Fraction given the right class, mean over the classes: ${percentText(scores.meanClassAccuracy)}.`,
            scores.confusion.classNames.length > MOST_CLASSES_DRAWN
              ? html`There are ${countText(scores.confusion.classNames.length, "class", "classes")}, too many to draw; evaluation.json has them.`
              : confusionChart(scores.confusion),
          ),
        ),
        classTable(data),
      ),
      shrec21 && shrecSection(shrec21),
    ],
    terms: GLOSSARY,
    run,
  });
}

/** Whether picks lie to one side of their particles. */
function offsetSentence(localisation: PickScores["localisation"]): string {
  if (localisation.matched === 0) return "";
  const chance = localisation.isShifted
    ? "more than chance: the lists may count from different origins or in different voxels"
    : "no more than chance";
  return ` Their mean offset is ${offsetText(localisation)}, ${chance}.`;
}

function figure(label: string, value: number, interval: Interval, detail: string | undefined): HeadlineFigure {
  const range = Number.isFinite(value) ? `95 % interval ${percentRange(interval)}` : "";
  return [percentText(value), label, [detail, range].filter(Boolean).join("; ")];
}

function curvePanel(
  curve: readonly PrecisionRecallPoint[],
  { averagePrecision, best }: DetectionScore,
  baseline: SphereBaseline | undefined,
): Markup {
  const sphere = baseline?.detection.best;
  const chosen = best
    ? ` Best cut-off, chosen by the ground truth: score ${Number(best.cutoff.toPrecision(3))}, F1 ${percentText(best.f1)}.`
    : "";
  return panel(
    "Precision and recall",
    `Each point is a cut-off on the score. Average precision ${percentText(averagePrecision)}.${chosen}`,
    lineChart(
      [
        {
          label: "picks",
          points: thinned(curve).map(({ recall, precision }) => ({ x: recall, y: precision })),
          colour: classColour(0),
        },
        ...(sphere
          ? [
              {
                label: "sphere template, best cut-off",
                points: [{ x: sphere.recall, y: sphere.precision }],
                colour: classColour(1),
                dots: true,
              },
            ]
          : []),
      ],
      { title: "Precision and recall", xTitle: "recall", yTitle: "precision", yRange: [0, 1], width: 520 },
    ),
  );
}

/** A few hundred points: a picture shows no more. */
function thinned(curve: readonly PrecisionRecallPoint[]): readonly PrecisionRecallPoint[] {
  const step = Math.ceil(curve.length / 400);
  return curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
}

function tomogramPanel(tomograms: PickScores["tomograms"]): Markup | undefined {
  if (tomograms.length < 2) return undefined;
  const named = tomograms.map(({ tomogram, ...score }) => ({ name: tomogram, ...score }));
  const shown =
    named.length > MOST_BARS
      ? `Each scored separately; the ${MOST_BARS} with most particles of ${groupedText(named.length)}.`
      : "Each scored separately.";
  return panel("Tomograms", shown, f1Bars("F1 by tomogram", named));
}

function f1Bars(title: string, scores: readonly ClassPickScore[]): Markup {
  const most = scores.length > MOST_BARS ? scores.toSorted((a, b) => b.truths - a.truths).slice(0, MOST_BARS) : scores;
  return intervalBars(
    most.map(({ name, f1, f1Ci95 }) => ({ label: name, value: f1, interval: f1Ci95, note: percentText(f1) })),
    { title },
  );
}

function classTable({ scores, baseline, matchDistanceAngstrom }: EvaluateReportData): Markup {
  const head = ["Class", "Particles", "Picks", "Within (Å)", "Precision", "Recall", "F1", "Average precision"];
  return plainTable(
    baseline ? [...head, "Sphere F1", "Sphere average precision"] : head,
    scores.classes.map((score) => {
      const sphere = baseline?.classes.find(({ name }) => name === score.name)?.score;
      const ofSphere = sphere ? [percentText(sphere.best?.f1 ?? 0), percentText(sphere.averagePrecision)] : ["–", "–"];
      return [
        score.name,
        String(score.truths),
        String(score.picks),
        matchDistanceAngstrom[score.name]?.toFixed(0) ?? "–",
        percentText(score.precision),
        percentText(score.recall),
        score.truths > 0 ? percentText(score.f1) : "–",
        percentText(score.averagePrecision),
        ...(baseline ? ofSphere : []),
      ];
    }),
    [1],
  );
}

function shrecSection(score: Shrec21Score): Markup {
  const left = score.excluded.length > 0 ? ` Left out: ${score.excluded.join(", ")}.` : "";
  return section(
    "By the rules of the SHREC 2021 contest",
    `For comparison with published figures. These rules are lenient: a pick anywhere in a particle's voxels finds it, the first pick in the list decides its class, and false picks do not lower the F1 of any class.${left}`,
    factTable([
      [
        "Found",
        `${score.found} of ${countText(score.truths, "particle")}; ${countText(score.background, "pick")} in the background, ${countText(score.multiple, "particle")} picked more than once`,
      ],
      ...(score.hollow > 0 ? [["Hollow particles", hollowText(score.hollow)] as const] : []),
      [
        "Localisation",
        `precision ${percentText(score.precision)}, recall ${percentText(score.recall)}, F1 ${percentText(score.f1)}`,
      ],
      ["Mean F1 of classes", percentText(score.macroF1)],
      ...score.classes.map(({ name, f1 }) => [`F1 of ${name}`, percentText(f1)] as const),
    ]),
  );
}

const GLOSSARY: Terms = [
  ["Precision", "The fraction of the picks that are particles. A second pick of the same particle is false."],
  ["Recall", "The fraction of the particles that were picked."],
  ["F1", "The harmonic mean of precision and recall: 2 × right picks / (picks + particles)."],
  [
    "Average precision",
    "The area under the precision-recall curve, where the precision at a recall is the best at that recall or a higher one.",
  ],
  [
    "Sphere template",
    "A matched filter for spheres of the particles' size, its cut-off chosen by the ground truth. A picker should do much better.",
  ],
  [
    "95 % interval",
    "For precision, recall and F1 by Wilson's formula, for means by resampling particles. It does not cover what differs between tomograms, such as thickness.",
  ],
];
