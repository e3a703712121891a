import { countText } from "../../count-text.js";
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
import type { Colour } from "../chart/palette.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { html } from "../page/markup.js";
import { percentRange, percentText, scoreRange, scoreText } from "../page/number-text.js";
import { panel, panels, runPage, section, type Terms } from "../page/page.js";
import { particleGallery } from "../page/particle-gallery.js";

export interface DemoReportData {
  /** With one example each. */
  readonly classes: readonly ReportClass[];
  /** With `trueClass` and `dice` known. */
  readonly particles: readonly ReportParticle[];
  readonly snr: number;
  readonly run: RunInformation;
}

const GREY: Colour = [138, 148, 163];
const RED: Colour = [192, 57, 43];

/** The page of `cosnet demo`: the answer, what was done, the classes, the statistics, and every particle. */
export function demoReport({ classes, particles, snr, run }: DemoReportData): string {
  const names = classes.map(({ name }) => name);
  const confusion = confusionMatrix(
    particles.map(({ trueClass = -1 }) => trueClass),
    particles.map(({ predictedClass }) => predictedClass),
    names,
  );
  const { correct, total, accuracy, classes: summaries } = summariseConfusion(confusion);
  const dicesOf = (chosen: readonly ReportParticle[]) => meanInterval(chosen.map(({ dice = Number.NaN }) => dice));
  const overlap = dicesOf(particles);
  const chance = 1 / classes.length;
  const ofClass = (index: number) => particles.filter(({ trueClass }) => trueClass === index);
  const marginsOf = (right: boolean) =>
    particles.filter((each) => (each.trueClass === each.predictedClass) === right).map(({ margin }) => margin);
  const kinds = `${classes.length} kinds of molecule`;

  return runPage({
    title: "demo, one example per class",
    kind: "demo",
    answer: {
      title: `From one example each, ${correct} of ${countText(total, "particle")} recognised`,
      lead: `${kinds} that the network had never seen were simulated as noisy subtomograms (${Number.isFinite(snr) ? `a signal-to-noise ratio of ${snr}` : "no noise"}). Given one example of each, cosnet classified the other ${total} and segmented the molecule in every box.`,
      figures: [
        [
          percentText(accuracy),
          "identified correctly",
          `95 % interval ${percentRange(wilsonInterval(correct, total), 0)}; guessing gives ${percentText(chance, 0)}`,
        ],
        [
          scoreText(overlap.mean),
          "mean Dice of the masks",
          `95 % interval ${scoreRange(overlap.ci95)}; 1 is the exact shape, 0 no overlap`,
        ],
        [`${classes.length} × 1`, "classes × examples", "no training on these molecules, before or after"],
      ],
    },
    sections: [
      section(
        "What was done",
        "Everything on this page was computed on this machine, in the run described at its end.",
        html`<ol class="steps">
<li><b>New molecules</b>${kinds} were generated at random: subunits, symmetry and size. None took part in training.</li>
<li><b>Realistic subtomograms</b>Each was rotated and shifted at random and imaged as in a tomogram: missing wedge, defocus, detector, neighbours, noise.</li>
<li><b>One example</b>The first particle of each kind became its example. The network turned it into an embedding: a short list of numbers.</li>
<li><b>All other particles</b>Each was assigned to the class with the most similar embedding, and segmented in 3D.</li>
</ol>`,
      ),
      section(
        "The classes and their single examples",
        "Above, the true shape, which the network does not see. Below, all that it is given: one noisy box, here as central slices with the mask that the network predicts.",
        classCards(
          classes,
          summaries.map(({ count, correct }) => `${correct} of ${count} other particles recognised from this example.`),
        ),
      ),
      section(
        "How good is it?",
        "Whiskers are 95 % intervals; with this few particles per class they are wide.",
        panels(
          panel(
            "Which classes are confused",
            "Rows are true classes, columns the classes given; the diagonal is right, red is wrong.",
            confusionChart(confusion),
            "tall",
          ),
          panel(
            "Accuracy by class",
            "Fraction of each class's particles that were recognised.",
            intervalBars(
              summaries.map(({ name, count, correct, recall }) => ({
                label: name,
                value: recall,
                interval: wilsonInterval(correct, count),
                note: `${correct} of ${count}`,
              })),
              { title: "Accuracy by class", reference: { value: chance, label: "guessing" } },
            ),
          ),
          panel(
            "Segmentation by class",
            "Mean Dice of the masks with the true shapes.",
            intervalBars(
              names.map((label, index) => {
                const { mean, ci95 } = dicesOf(ofClass(index));
                return { label, value: mean, interval: ci95, note: scoreText(mean) };
              }),
              { title: "Dice by class", tickLabel: scoreText },
            ),
          ),
          panel(
            "Does it know when it is right?",
            "The margin is the probability of the best class minus that of the second best. Mistakes should have small margins: a cut-off there removes them first.",
            histogramChart(
              [
                { label: "right", values: marginsOf(true), colour: GREY },
                { label: "wrong", values: marginsOf(false), colour: RED },
              ],
              {
                axisTitle: "margin",
                width: 1000,
                bins: 40,
                range: [0, 1],
              },
            ),
            "wide",
          ),
        ),
      ),
      section(
        "Every particle",
        "Three central slices and the mask in 3D, grouped by true class. The colour is that of the class given; a red frame marks a mistake.",
        particleGallery(
          particles,
          classes,
          summaries.map(
            ({ count, correct }) =>
              `${countText(count, "particle")}, ${correct === count ? "all" : correct} recognised`,
          ),
        ),
      ),
    ],
    terms: GLOSSARY,
    run,
  });
}

/** Terms of this report and of `cosnet classify`'s, for readers who are not experts in statistics. */
export const GLOSSARY: Terms = [
  [
    "Identified correctly",
    "Particles given their true class, divided by all particles. The examples themselves are not counted.",
  ],
  [
    "Dice",
    "Overlap of two shapes: twice the volume that they have in common, divided by the sum of their volumes. 1 means identical, 0 disjoint.",
  ],
  [
    "95 % interval",
    "If the run were repeated with other particles of these classes, 95 in 100 such intervals would contain the true value.",
  ],
  [
    "Probability",
    "Of the class among the classes that are offered. It cannot say that a particle belongs to none of them.",
  ],
  ["Margin", "Probability of the best class minus that of the second best, from 0 (a tie) to 1. Rank particles by it."],
  [
    "SNR",
    `${SNR_DEFINITION[0].toUpperCase()}${SNR_DEFINITION.slice(1)}. Definitions differ between papers, so compare with care.`,
  ],
];
