import type {
  ClassPickScore,
  DetectionScore,
  PickScores,
  PrecisionRecallPoint,
  Shrec21Score,
  SphereBaseline,
} from "../../evaluate/index.js";
import { confusionChart } from "../chart/confusion-chart.js";
import { intervalBars } from "../chart/interval-bars.js";
import { lineChart } from "../chart/line-chart.js";
import { classColour } from "../chart/palette.js";
import type { RunInformation } from "../page/data.js";
import { html, type Markup } from "../page/markup.js";
import { countText, percentRange, percentText } from "../page/number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "../page/page.js";

export interface EvaluateReportData {
  readonly scores: PickScores;
  readonly baseline?: SphereBaseline | undefined;
  readonly shrec21?: Shrec21Score | undefined;
  /** Largest distance of a match, by class. */
  readonly matchDistanceAngstrom: Readonly<Record<string, number>>;
  /** That rule in words. */
  readonly matchRule: string;
  readonly run: Omit<RunInformation, "model">;
}

/** The page of `cosnet evaluate`: how many particles were found, how many picks are false, class by class, beside a baseline. */
export function evaluateReport(data: EvaluateReportData): string {
  const { scores, baseline, shrec21, matchRule, run } = data;
  const { detection, macro, localisation, tomograms } = scores;
  return page({
    title: `cosnet: picks scored, F1 ${percentText(detection.f1)}`,
    kind: "evaluation of picks",
    body: [
      headline({
        title: `${countText(detection.truePositives, "particle")} of ${detection.truths.toLocaleString("en-US")} found, ${countText(detection.picks - detection.truePositives, "false pick")}`,
        lead: `One pick, one particle: ${matchRule}.`,
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
      }),
      section(
        "Detection",
        `Classes left aside. Matched picks lie ${localisation.medianAngstrom.toFixed(1)} Å from their particles (median; 95 % within ${localisation.percentile95Angstrom.toFixed(1)} Å).`,
        html`<div class="panels">${scores.hasScores ? curvePanel(scores.curve, detection, baseline) : html``}${tomogramPanel(tomograms)}</div>`,
      ),
      section(
        "Classes",
        "A pick counts for its own class only: one of the wrong class is false in the class it names and leaves a particle of the other class unfound.",
        html`<div class="panels">${panel("F1 by class", baselineNote(baseline), classBars(scores.classes))}${panel(
          "What found particles were taken for",
          `Mean over the classes of the share given the right one: ${percentText(scores.meanClassAccuracy)}.`,
          confusionChart(
            scores.confusion,
            scores.confusion.classNames.map((_, i) => classColour(i)),
          ),
        )}</div>`,
        classTable(data),
      ),
      ...(shrec21 ? [shrecSection(shrec21)] : []),
      section("What the numbers mean", "", glossary(GLOSSARY)),
      section(
        "How to repeat this",
        "The same command, seed and version give the same result.",
        runFacts({ ...run, model: "none" }),
      ),
    ],
  });
}

function figure(label: string, value: number, interval: readonly [number, number], detail: string | undefined) {
  const range = Number.isFinite(value) ? `95 % interval ${percentRange(interval)}` : "";
  return { number: percentText(value), label, detail: [detail, range].filter(Boolean).join("; ") };
}

function curvePanel(
  curve: readonly PrecisionRecallPoint[],
  { averagePrecision, best }: DetectionScore,
  baseline: SphereBaseline | undefined,
): Markup {
  const sphere = baseline?.detection.best;
  const chosen = best
    ? ` Best cut-off, chosen with the truth: score ${Number(best.cutoff.toPrecision(3))}, F1 ${percentText(best.f1)}.`
    : "";
  return panel(
    "Precision by recall",
    `Each point is a cut-off of the score. Average precision ${percentText(averagePrecision)}.${chosen}`,
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
      { title: "Precision by recall", xTitle: "recall", yTitle: "precision", yRange: [0, 1], width: 520 },
    ),
  );
}

/** A few hundred points are all that a picture shows. */
function thinned(curve: readonly PrecisionRecallPoint[]): readonly PrecisionRecallPoint[] {
  const step = Math.ceil(curve.length / 400);
  return curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
}

function tomogramPanel(tomograms: PickScores["tomograms"]): Markup {
  if (tomograms.length < 2) return html``;
  return panel(
    "Tomograms",
    "Each scored alone.",
    intervalBars(
      tomograms.map((score, index) => ({
        label: score.tomogram,
        value: score.f1,
        interval: score.f1Ci95,
        note: `F1 ${percentText(score.f1)}`,
        colour: classColour(index),
      })),
      { title: "F1 by tomogram", range: [0, 1], tickLabel: (value) => percentText(value, 0) },
    ),
  );
}

function classBars(classes: readonly ClassPickScore[]): Markup {
  return intervalBars(
    classes
      .filter(({ truths }) => truths > 0)
      .map((score, index) => ({
        label: score.name,
        value: score.f1,
        interval: score.f1Ci95,
        note: percentText(score.f1),
        colour: classColour(index),
      })),
    { title: "F1 by class", range: [0, 1], tickLabel: (value) => percentText(value, 0) },
  );
}

function baselineNote(baseline: SphereBaseline | undefined): string {
  return baseline
    ? "Whiskers are 95 % intervals. What a sphere template reaches is in the table."
    : "Whiskers are 95 % intervals. Give the tomogram (--tomogram) to see what a sphere template reaches.";
}

function classTable({ scores, baseline, matchDistanceAngstrom }: EvaluateReportData): Markup {
  const head = ["class", "particles", "picks", "within (Å)", "precision", "recall", "F1", "average precision"];
  if (baseline) head.push("sphere F1", "sphere average precision");
  return html`<div class="scroll"><table><tr>${head.map((title, i) => html`<th class="${i > 0 ? "number" : ""}">${title}</th>`)}</tr>
${scores.classes.map((score) => {
  const sphere = baseline?.classes.find(({ name }) => name === score.name)?.score;
  const cells = [
    String(score.truths),
    String(score.picks),
    matchDistanceAngstrom[score.name]?.toFixed(0) ?? "–",
    percentText(score.precision),
    percentText(score.recall),
    score.truths > 0 ? percentText(score.f1) : "–",
    percentText(score.averagePrecision),
  ];
  if (baseline)
    cells.push(sphere ? percentText(sphere.best?.f1 ?? 0) : "–", sphere ? percentText(sphere.averagePrecision) : "–");
  return html`<tr><td>${score.name}</td>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`;
})}</table></div>`;
}

function shrecSection(score: Shrec21Score): Markup {
  const left = score.excluded.length > 0 ? ` Left out: ${score.excluded.join(", ")}.` : "";
  return section(
    "As the SHREC 2021 contest scored",
    `For comparison with published figures. It is lenient: a pick anywhere in a particle's voxels finds it, the first pick in the list decides its class, and false picks lower no class's F1.${left}`,
    html`<div class="scroll"><table class="facts">
<tr><th>Found</th><td>${score.found} of ${score.truths} particles; ${score.background} picks in the background, ${score.multiple} particles picked more than once</td></tr>
<tr><th>Localisation</th><td>precision ${percentText(score.precision)}, recall ${percentText(score.recall)}, F1 ${percentText(score.f1)}</td></tr>
<tr><th>Mean F1 of classes</th><td>${percentText(score.macroF1)}</td></tr>
${score.classes.map(({ name, f1 }) => html`<tr><th>F1 of ${name}</th><td>${percentText(f1)}</td></tr>`)}</table></div>`,
  );
}

const GLOSSARY: readonly (readonly [string, string])[] = [
  ["Precision", "The share of the picks that are particles. A second pick of the same particle is false."],
  ["Recall", "The share of the particles that were picked."],
  ["F1", "The harmonic mean of precision and recall: 2 × right picks / (picks + particles)."],
  [
    "Average precision",
    "The area under the precision-recall curve, where the precision at a recall is the best at that recall or any larger.",
  ],
  [
    "Sphere template",
    "The tomogram filtered for balls of the particles' size and nothing else, its cut-off chosen with the truth in hand. A picker should be well above it.",
  ],
  [
    "95 % interval",
    "Of precision, recall and F1 by Wilson's formula, of means by resampling particles. What a whole tomogram has in common, such as its thickness, is not in it.",
  ],
];
