import { histogramChart } from "../chart/histogram.js";
import { intervalBars } from "../chart/interval-bars.js";
import { classColour } from "../chart/palette.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { html } from "../page/markup.js";
import { countText, percentText, scoreText } from "../page/number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "../page/page.js";
import { particleGallery } from "../page/particle-gallery.js";
import { GLOSSARY } from "./demo.js";

/** Class and scores of one particle, for the statistics over all of them. */
export type ParticleScore = Pick<ReportParticle, "predictedClass" | "probability" | "margin">;

export interface ClassifyReportData {
  readonly classes: readonly ReportClass[];
  /** Every particle's scores. */
  readonly scores: readonly ParticleScore[];
  /** The particles to show as pictures: some or all; `chooseForGallery` picks typical and doubtful ones. */
  readonly gallery: readonly ReportParticle[];
  /** Where the results lie, e.g. ["class, probability and margin of every particle", "classified.star"]. */
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}

/** A particle with a smaller margin is called doubtful: its second best class is nearly as probable. */
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

/** The page of `cosnet classify`: how many of which class, how sure, and pictures to judge it by. The truth is unknown. */
export function classifyReport({ classes, scores, gallery, outputs, run }: ClassifyReportData): string {
  const total = scores.length;
  const counts = classes.map((_, index) => scores.filter((score) => score.predictedClass === index).length);
  const margins = scores.map((score) => score.margin).sort((a, b) => a - b);
  const median = margins[Math.floor(margins.length / 2)] ?? 0;
  const doubtful = scores.filter((score) => score.margin < DOUBTFUL_MARGIN).length;
  const examples = classes.reduce((sum, entry) => sum + entry.supports.length, 0);
  const share = (count: number) => (total > 0 ? count / total : 0);
  return page({
    title: `cosnet: ${total} particles in ${classes.length} classes`,
    kind: "classification",
    body: [
      headline({
        title: `${countText(total, "particle")} sorted into ${countText(classes.length, "class", "classes")}`,
        lead: `Each particle was compared with ${countText(examples, "example")} of ${countText(classes.length, "class", "classes")} and given to the most similar one; the molecule in each box was outlined in 3-D.`,
        figures: [
          {
            number: countText(Math.max(0, ...counts), "particle"),
            label: `in the largest class`,
            detail: counts.length > 0 ? classes[counts.indexOf(Math.max(...counts))].name : "",
          },
          {
            number: scoreText(median),
            label: "median margin",
            detail: "probability of the best class minus that of the second best",
          },
          {
            number: String(doubtful),
            label: "doubtful",
            detail: `margin below ${DOUBTFUL_MARGIN}: look at these ${percentText(share(doubtful), 0)} first`,
          },
        ],
      }),
      section(
        "The classes and their examples",
        "The central slices of what was given as examples, with the outlines that the network drew in them.",
        classCards(
          classes,
          counts.map((count) => `${countText(count, "particle")} (${percentText(share(count))}) given to this class.`),
        ),
      ),
      section(
        "How many, and how sure",
        "Nobody has told cosnet the true classes, so this page cannot say how many are right. Margins say which to trust.",
        html`<div class="panels">
${panel(
  "Particles by class",
  "Every particle is given to one of the classes, also one that belongs to none of them.",
  intervalBars(
    classes.map(({ name }, index) => ({
      label: name,
      value: counts[index],
      note: `${counts[index]} (${percentText(share(counts[index]), 0)})`,
      colour: classColour(index),
    })),
    {
      title: "Particles by class",
      range: [0, Math.max(1, ...counts)],
      tickLabel: (value) => String(Math.round(value)),
    },
  ),
)}
${panel(
  "Margins",
  "A class of its own at large margins is well separated; many small margins mean that two classes look alike or that other things are among the particles.",
  histogramChart(
    classes.map(({ name }, index) => ({
      label: name,
      values: scores.filter((score) => score.predictedClass === index).map((score) => score.margin),
      colour: classColour(index),
    })),
    { title: "Margins by class", axisTitle: "margin", range: [0, 1] },
  ),
)}</div>`,
      ),
      section(
        "Particles to look at",
        gallery.length < total
          ? `${gallery.length} of ${total}: of each class those with the largest margins first, then those with the smallest.`
          : "All of them, those with the largest margins first.",
        particleGallery(
          classes.map(({ name }, index) => ({
            title: name,
            colourIndex: index,
            note: countText(counts[index], "particle"),
            particles: gallery.filter((particle) => particle.predictedClass === index),
          })),
          classes,
        ),
      ),
      section(
        "Files",
        "What this run wrote.",
        html`<div class="scroll"><table class="facts">${outputs.map(([meaning, path]) => html`<tr><th>${meaning}</th><td><code>${path}</code></td></tr>`)}</table></div>`,
      ),
      section(
        "What the numbers mean",
        "",
        glossary(GLOSSARY.filter(([term]) => term === "Sure" || term === "Margin" || term === "Dice")),
      ),
      section("How to repeat this", "The same command, seed and version give the same result.", runFacts(run)),
    ],
  });
}
