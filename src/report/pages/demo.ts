import {
  confusionMatrix,
  meanInterval,
  SNR_DEFINITION,
  summariseConfusion,
  wilsonInterval,
} from "../../evaluate/index.js";
import { confusionChart } from "../chart/confusion-chart.js";
import { histogramChart } from "../chart/histogram.js";
import { intervalBars } from "../chart/interval-bars.js";
import { type Colour, classColour } from "../chart/palette.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { html } from "../page/markup.js";
import { countText, percentRange, percentText, scoreRange, scoreText } from "../page/number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "../page/page.js";
import { groupNote, particleGallery } from "../page/particle-gallery.js";

export interface DemoReportData {
  /** One support each. */
  readonly classes: readonly ReportClass[];
  /** With `trueClass` and `dice` known. */
  readonly particles: readonly ReportParticle[];
  readonly snr: number;
  readonly run: RunInformation;
}

const GREY: Colour = [138, 148, 163];
const RED: Colour = [192, 57, 43];

/** The demo's page: the answer first, then what was done, the classes, the statistics, every particle, and how to repeat it. */
export function demoReport({ classes, particles, snr, run }: DemoReportData): string {
  const confusion = confusionMatrix(
    particles.map((particle) => particle.trueClass ?? -1),
    particles.map((particle) => particle.predictedClass),
    classes.map((entry) => entry.name),
  );
  const summary = summariseConfusion(confusion);
  const accuracyInterval = wilsonInterval(summary.correct, summary.total);
  const overlap = meanInterval(particles.map((particle) => particle.dice ?? Number.NaN));
  const colours = classes.map((_, index) => classColour(index));
  const chance = 1 / classes.length;
  const noise = Number.isFinite(snr) ? `a signal-to-noise ratio of ${snr}` : "no noise";
  const isRight = (particle: ReportParticle) => particle.trueClass === particle.predictedClass;
  const ofClass = (index: number) => particles.filter((particle) => particle.trueClass === index);
  const each = `${classes.length} kinds of molecule`;

  return page({
    title: "cosnet demo: one example per class",
    kind: "demo",
    body: [
      headline({
        title: `From one example each, ${summary.correct} of ${countText(summary.total, "particle")} recognised`,
        lead: `${each} that the network had never seen were drawn as noisy subtomograms (${noise}). cosnet got one example of each, told the other ${summary.total} apart, and outlined the molecule in every box.`,
        figures: [
          {
            number: percentText(summary.accuracy, 1),
            label: "identified correctly",
            detail: `95 % interval ${percentRange(accuracyInterval, 0)}; guessing gives ${percentText(chance, 0)}`,
          },
          {
            number: scoreText(overlap.mean),
            label: "mean Dice of the outlines",
            detail: `95 % interval ${scoreRange(overlap.ci95)}; 1 is the exact shape, 0 no overlap`,
          },
          {
            number: `${classes.length} × 1`,
            label: "classes × examples",
            detail: "no training on these molecules, before or after",
          },
        ],
      }),
      section(
        "What was done",
        "Everything on this page was computed on this machine in the run described at its end.",
        html`<ol class="steps">
<li><b>New molecules</b>${each} were made up at random: their subunits, symmetry and size. None took part in training.</li>
<li><b>Realistic pictures</b>Each was turned and shifted at random and imaged as in a tomogram: missing wedge, defocus, detector, neighbours, noise.</li>
<li><b>One example</b>The first particle of each kind became its example. The network turned it into a fingerprint: a short list of numbers.</li>
<li><b>Everything else</b>Each other particle went to the class with the most similar fingerprint, and its molecule was outlined in 3-D.</li>
</ol>`,
      ),
      section(
        "The classes and their single examples",
        "Above, the true shape, which the network does not see. Below, all that it is given: the central slices of one noisy box, here with the outline it drew itself.",
        classCards(
          classes,
          summary.classes.map(
            ({ count, correct }) => `${correct} of ${count} other particles recognised from this example.`,
          ),
        ),
      ),
      section(
        "How good is it?",
        "Whiskers are 95 % intervals: with so few particles per class they are wide, and honest.",
        html`<div class="panels">
${panel("Which molecules get confused", "Rows are what a particle truly is, columns what it was taken for; the diagonal is right, red is wrong.", confusionChart(confusion, colours), "tall")}
${panel(
  "Identification by class",
  "Share of each class's particles that were recognised.",
  intervalBars(
    summary.classes.map(({ name, count, correct, recall }, index) => ({
      label: name,
      value: recall,
      interval: wilsonInterval(correct, count),
      note: `${correct} of ${count}`,
      colour: classColour(index),
    })),
    {
      title: "Accuracy by class",
      range: [0, 1],
      tickLabel: (value) => `${Math.round(100 * value)} %`,
      reference: { value: chance, label: "guessing" },
    },
  ),
)}
${panel(
  "Outlines by class",
  "Mean Dice of the outlined shape with the true one.",
  intervalBars(
    classes.map(({ name }, index) => {
      const { mean, ci95 } = meanInterval(ofClass(index).map((particle) => particle.dice ?? Number.NaN));
      return { label: name, value: mean, interval: ci95, note: scoreText(mean), colour: classColour(index) };
    }),
    { title: "Dice by class", range: [0, 1], tickLabel: (value) => value.toFixed(2) },
  ),
)}
${panel(
  "Does it know when it is right?",
  "The margin is the probability of the best class minus that of the second best. Mistakes should be at small margins: a cut-off there removes them first.",
  histogramChart(
    [
      { label: "right", values: particles.filter(isRight).map((particle) => particle.margin), colour: GREY },
      { label: "wrong", values: particles.filter((p) => !isRight(p)).map((particle) => particle.margin), colour: RED },
    ],
    {
      title: "Margins of right and wrong identifications",
      axisTitle: "margin",
      width: 1000,
      bins: 40,
      range: [0, 1],
    },
  ),
  "wide",
)}</div>`,
      ),
      section(
        "Every particle",
        "Three central slices and the 3-D shape inside the outline, grouped by what the particles truly are. A red frame marks a mistake. The colour is that of the class it was given.",
        particleGallery(
          classes.map(({ name }, index) => ({
            title: name,
            colourIndex: index,
            note: groupNote(ofClass(index)),
            particles: ofClass(index),
          })),
          classes,
        ),
      ),
      section("What the numbers mean", "", glossary(GLOSSARY)),
      section(
        "How to repeat this",
        "The same command, seed and version give the same particles and the same figures.",
        runFacts(run),
      ),
    ],
  });
}

/** Terms of both reports, for readers who are no experts in statistics. */
export const GLOSSARY: readonly (readonly [string, string])[] = [
  [
    "Identified correctly",
    "Particles given their true class, divided by all particles. The examples themselves do not count.",
  ],
  [
    "Dice",
    "Overlap of two shapes: twice the volume they share, divided by the sum of their volumes. 1 is identical, 0 is apart.",
  ],
  [
    "95 % interval",
    "If the run were repeated with other particles of these classes, the true value would lie inside such an interval 95 times in 100.",
  ],
  [
    "Sure",
    "How probable the network holds the class among the classes offered. It cannot say that a particle belongs to none of them.",
  ],
  [
    "Margin",
    "Probability of the best class minus that of the second best, from 0 (a tie) to 1: the number to rank particles by.",
  ],
  [
    "SNR",
    `${SNR_DEFINITION[0].toUpperCase()}${SNR_DEFINITION.slice(1)}. Papers define it differently, so compare with care.`,
  ],
];
