import { countText } from "../../count-text.js";
import { histogramChart } from "../chart/histogram.js";
import { countBars } from "../chart/interval-bars.js";
import { boxNote } from "../page/box-view.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { percentText, scoreText } from "../page/number-text.js";
import { panel, panels, runPage, section } from "../page/page.js";
import { particleGallery } from "../page/particle-gallery.js";
import { warningSection } from "../page/warning-section.js";
import { GLOSSARY } from "./demo.js";

/** Class and scores of one particle, for the statistics over all of them. */
export type ParticleScore = Pick<ReportParticle, "predictedClass" | "probability" | "margin">;

export interface ClassifyReportData {
  /** What looks wrong about inputs or result, as it was said on the terminal. */
  readonly warnings: readonly string[];
  readonly classes: readonly ReportClass[];
  /** Every particle's scores. */
  readonly scores: readonly ParticleScore[];
  /** The particles to show as pictures: some or all; `chooseForGallery` picks typical and doubtful ones. */
  readonly gallery: readonly ReportParticle[];
  /** What was written where, e.g. ["class, probability and margin of every particle", "classified.star"]. */
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}

/** Particles with a smaller margin are called doubtful: their second-best class is nearly as probable. */
const DOUBTFUL_MARGIN = 0.2;

/** Indices of up to `perClass` particles of each class: half those with the largest margins, half with the smallest. */
export function chooseForGallery(scores: readonly ParticleScore[], { perClass = 12 } = {}): number[] {
  const classes = [...new Set(scores.map((score) => score.predictedClass))].sort((a, b) => a - b);
  return classes.flatMap((label) => {
    const members = scores
      .flatMap(({ predictedClass }, index) => (predictedClass === label ? [index] : []))
      .sort((a, b) => scores[b].margin - scores[a].margin || a - b);
    if (members.length <= perClass) return members;
    const best = Math.ceil(perClass / 2);
    return [...members.slice(0, best), ...members.slice(best - perClass)];
  });
}

/** The page of `cosnet classify`: how many particles of each class, with what confidence, and pictures to judge by. There is no ground truth. */
export function classifyReport({ warnings, classes, scores, gallery, outputs, run }: ClassifyReportData): string {
  const total = scores.length;
  const names = classes.map(({ name }) => name);
  const ofClass = (index: number) => scores.filter(({ predictedClass }) => predictedClass === index);
  const counts = classes.map((_, index) => ofClass(index).length);
  const largest = Math.max(0, ...counts);
  const margins = scores.map(({ margin }) => margin).sort((a, b) => a - b);
  const doubtful = margins.filter((margin) => margin < DOUBTFUL_MARGIN).length;
  const examples = classes.reduce((sum, entry) => sum + entry.examples.length, 0);
  const percentOf = (count: number, digits = 0) => percentText(total > 0 ? count / total : 0, digits);
  const classesText = countText(classes.length, "class", "classes");
  return runPage({
    title: `${countText(total, "particle")} in ${classesText}`,
    kind: "classification",
    answer: {
      title: `${countText(total, "particle")} sorted into ${classesText}`,
      lead: `Each particle was compared with ${countText(examples, "example")} of ${classesText} and assigned to the most similar class; each box was segmented in 3D.`,
      figures: [
        [countText(largest, "particle"), "in the largest class", names[counts.indexOf(largest)] ?? ""],
        [
          scoreText(margins[Math.floor(margins.length / 2)] ?? 0),
          "median margin",
          "probability of the best class minus that of the second best",
        ],
        [String(doubtful), "doubtful", `margin below ${DOUBTFUL_MARGIN}: look at these ${percentOf(doubtful)} first`],
      ],
    },
    sections: [
      warningSection(warnings),
      section(
        "The classes and their examples",
        `The examples, with the mask that the network predicts for each. ${boxNote(classes[0]?.examples[0]?.volume)}`,
        classCards(
          classes,
          counts.map((count) => `${countText(count, "particle")} (${percentOf(count, 1)}) assigned to this class.`),
        ),
      ),
      section(
        "Counts and confidence",
        "There is no ground truth, so this page cannot say how many are right. Margins tell which to trust.",
        panels(
          panel(
            "Particles by class",
            "Every particle is assigned to one of the classes, even one that belongs to none of them.",
            countBars("Particles by class", classes, counts),
          ),
          panel(
            "Margins",
            "A class with large margins is well separated. Many small margins mean that two classes look alike, or that there are particles of other kinds.",
            histogramChart(
              names.map((label, index) => ({ label, values: ofClass(index).map(({ margin }) => margin) })),
              { axisTitle: "margin", range: [0, 1] },
            ),
          ),
        ),
      ),
      section(
        "Particles to inspect",
        gallery.length < total
          ? `${gallery.length} of ${total}: for each class those with the largest margins, then those with the smallest. Drawn as the examples are.`
          : "All of them, largest margins first. Drawn as the examples are.",
        particleGallery(
          gallery,
          classes,
          counts.map((count) => countText(count, "particle")),
        ),
      ),
    ],
    outputs,
    terms: GLOSSARY.filter(([term]) => ["Probability", "Margin", "Dice"].includes(term)),
    run,
  });
}
