import { histogramChart } from "../chart/histogram.js";
import { countBars } from "../chart/interval-bars.js";
import { type Colour, classColour, cssColour } from "../chart/palette.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { plainTable } from "../page/data-table.js";
import { html, type Markup, trusted } from "../page/markup.js";
import { countText, groupedText, percentText, scoreText } from "../page/number-text.js";
import { factTable, panel, panels, runPage, section, type Terms } from "../page/page.js";
import { particleGallery } from "../page/particle-gallery.js";
import { warningSection } from "../page/warning-section.js";
import { pngDataUri } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";
import { sliceFrame } from "../picture/slice-frame.js";

/** A slice of a tomogram with the candidates in it; lengths in pixels of the plane, from its upper left corner. */
export interface PickSlice {
  readonly depthAngstrom: number;
  readonly plane: Plane;
  readonly pixelAngstrom: number;
  /** Axes of the tomogram to the right, downwards and in depth. */
  readonly axes: readonly [right: string, down: string, deep: string];
  /** Section of the file across the third axis, the first is 1. */
  readonly section: number;
  /** Depth over which sections are averaged. */
  readonly thicknessAngstrom: number;
  /** Grey values have the opposite sign of the file's. */
  readonly isInverted: boolean;
  /** Where the slice cuts the sphere of a candidate; without a class it was not picked. */
  readonly circles: readonly {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly classIndex: number | undefined;
  }[];
}

export interface PickReportTomogram {
  readonly name: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly slices: readonly PickSlice[];
}

/** The most similar class of a candidate, with its scores; `accepted`: picked. */
interface PickScore {
  readonly classIndex: number;
  readonly probability: number;
  readonly similarity: number;
  readonly accepted: boolean;
  /** One of the examples: left out of what is expected of the others. */
  readonly isExample: boolean;
}

export interface PickReportData {
  /** What looks wrong about inputs or result, as it was said on the terminal. */
  readonly warnings: readonly string[];
  /** Candidates of a class whose probability is below the cut-off. */
  readonly lessProbable: { readonly count: number; readonly reason: string };
  /** The classes that were searched for. */
  readonly classes: readonly ReportClass[];
  readonly tomograms: readonly PickReportTomogram[];
  readonly scores: readonly PickScore[];
  readonly cutOffs: readonly {
    readonly cutOff: number;
    readonly kept: number;
    readonly expectedPrecision: number;
    readonly expectedRecall: number;
  }[];
  /** What depends on each example. Undefined fractions: the only example of its class. */
  readonly dependence: readonly {
    readonly source: string;
    readonly classIndex: number;
    readonly changedShare: number | undefined;
    readonly ownSimilarity: number | undefined;
    readonly recognised: boolean | undefined;
  }[];
  readonly gallery: readonly ReportParticle[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}

const NOT_PICKED: Colour = [150, 158, 170];

/** The page of `cosnet pick`: what was found where, with what confidence, and what that depends on. There is no ground truth. */
export function pickReport(data: PickReportData): string {
  const { classes, tomograms, scores, gallery, outputs, run } = data;
  const picked = scores.filter(({ accepted }) => accepted);
  const counts = classes.map((_, index) => picked.filter(({ classIndex }) => classIndex === index).length);
  const others = picked.filter(({ isExample }) => !isExample);
  const expected = others.reduce((sum, { probability }) => sum + probability, 0);
  const { reason, count: below } = data.lessProbable;
  return runPage({
    title: `${picked.length} particles picked`,
    kind: "particle picking",
    answer: {
      title: `${countText(picked.length, "particle")} of ${countText(classes.length, "class", "classes")} in ${countText(tomograms.length, "tomogram")}`,
      lead: "Every position that looks like a particle was compared with the examples. There is no ground truth: look at the pictures before you trust the numbers.",
      figures: [
        [groupedText(scores.length), "candidates", "positions that look like a particle of some kind"],
        [
          groupedText(picked.length),
          "picked",
          `${percentText(scores.length > 0 ? picked.length / scores.length : 0, 0)} of the candidates; ${below > 0 ? `${groupedText(below)} of the others are of a class, but ${reason}` : "the others belong to none of the classes"}`,
        ],
        [
          others.length > 0 ? percentText(expected / others.length, 0) : "–",
          "expected to be right",
          `mean probability of the picks${others.length < picked.length ? ` but the ${picked.length - others.length} at examples` : ""}, calibrated on simulated particles`,
        ],
      ],
    },
    sections: [
      warningSection(data.warnings),
      section(
        "The classes and their examples",
        "Central slices of the first examples of each class, with the mask that the network predicts for each.",
        classCards(
          classes,
          counts.map(
            (count, i) =>
              `${countText(count, "particle")} picked; ${countText(classes[i].examples.length, "example")} given.`,
          ),
        ),
      ),
      section(
        "Where they are",
        "Slices across the beam, with a circle where a slice cuts the sphere of a candidate: in the colour of its class, or thin and grey where it was not picked.",
        legend(classes),
        html`${tomograms.map(tomogramViews)}`,
      ),
      section(
        "Counts and confidence",
        "The probability is that of belonging to this class, rather than to another one or to none.",
        panels(
          panel(
            "Picks by class",
            "Candidates that are more likely to belong to none of the classes are not counted.",
            countBars("Picks by class", classes, counts),
          ),
          probabilityPanel(classes, picked),
          similarityPanel(scores),
          cutOffPanel(data),
        ),
      ),
      dependenceSection(data),
      section(
        "Particles to inspect",
        "For each class the picks with the largest margins, then those with the smallest.",
        particleGallery(
          gallery,
          classes,
          counts.map((count) => countText(count, "particle")),
        ),
      ),
    ],
    outputs,
    terms: PICK_GLOSSARY,
    run,
  });
}

function legend(classes: readonly ReportClass[]): Markup {
  const entry = (name: string, colour: Colour) =>
    html`<span style="display:inline-flex;align-items:center;gap:6px;margin-right:18px;--class:${cssColour(colour)}"><span class="chip"></span>${name}</span>`;
  return html`<p style="max-width:none">${classes.map(({ name }, index) => entry(name, classColour(index)))}${entry("not picked", NOT_PICKED)}</p>`;
}

function tomogramViews({ name, facts, slices }: PickReportTomogram): Markup {
  return html`<h3 style="margin-top:26px;overflow-wrap:anywhere">${name}</h3>
${factTable(facts)}
${panels(...slices.map(sliceView))}`;
}

function sliceView(slice: PickSlice): Markup {
  const { depthAngstrom, plane, circles, axes, section: number, thicknessAngstrom, isInverted } = slice;
  const scale = plane.width < 360 ? 2 : 1;
  const picture = pngDataUri(
    slicePicture(plane, contrastRange(plane.data, { lowPercent: 0.5, highPercent: 99.8 }), { scale }),
  );
  const picks = circles.filter(({ classIndex }) => classIndex !== undefined);
  const others = circles.filter(({ classIndex }) => classIndex === undefined);
  const shapes = [...others, ...picks]
    .map(({ x, y, radius, classIndex }) => {
      const colour = cssColour(classIndex === undefined ? NOT_PICKED : classColour(classIndex));
      const width = (classIndex === undefined ? 0.0016 : 0.0034) * plane.width;
      const size = Math.max(radius, 0.004 * plane.width);
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(1)}" stroke="${colour}" stroke-width="${width.toFixed(2)}"/>`;
    })
    .join("");
  return panel(
    `Section ${number} across ${axes[2]}, ${(depthAngstrom / 10).toFixed(0)} nm deep`,
    `${countText(picks.length, "pick")} and ${countText(others.length, "other candidate")} cut by this slice. Mean of ${(thicknessAngstrom / 10).toFixed(0)} nm, not filtered; ${isInverted ? "inverted: protein is dark in the file" : "grey values as in the file"}.`,
    html`<div style="position:relative;line-height:0;border-radius:6px;overflow:hidden"><img src="${picture}" alt="slice of the tomogram" style="width:100%;height:auto;display:block">${trusted(`<svg viewBox="0 0 ${plane.width} ${plane.height}" fill="none" style="position:absolute;inset:0;width:100%;height:100%" aria-hidden="true">${shapes}${sliceFrame(slice)}</svg>`)}</div>`,
  );
}

function probabilityPanel(classes: readonly ReportClass[], picked: readonly PickScore[]): Markup {
  return panel(
    "Probabilities of the picks",
    "A class whose picks gather on the right is well separated; one that is spread out is not.",
    histogramChart(
      classes.map(({ name }, index) => ({
        label: name,
        values: picked.filter(({ classIndex }) => classIndex === index).map(({ probability }) => probability),
      })),
      { axisTitle: "probability of the class", range: [0, 1] },
    ),
  );
}

function similarityPanel(scores: readonly PickScore[]): Markup {
  const values = (accepted: boolean) =>
    scores.filter((s) => s.accepted === accepted).map(({ similarity }) => similarity);
  const sorted = scores.map(({ similarity }) => similarity).sort((a, b) => a - b);
  const low = Math.floor(10 * (sorted[Math.floor(0.005 * sorted.length)] ?? 0)) / 10;
  const high = Math.max(low + 0.1, Math.ceil(10 * (sorted.at(-1) ?? 1)) / 10);
  return panel(
    "Similarity to the nearest class",
    "Two peaks mean that there are particles of the classes and of other kinds; where the peaks overlap, the answer is doubtful.",
    histogramChart(
      [
        { label: "picked", values: values(true), colour: classColour(0) },
        { label: "not picked", values: values(false), colour: NOT_PICKED },
      ],
      { axisTitle: "similarity", range: [low, high] },
    ),
  );
}

function cutOffPanel({ cutOffs }: PickReportData): Markup {
  return panel(
    "Where to set the cut-off",
    "For each cut-off of the probability: how many candidates remain, the fraction of them that is expected to be right, and the fraction of all findable particles that these are. Only as good as the probabilities.",
    plainTable(
      ["Cut-off", "Particles", "Expected precision", "Expected recall"],
      cutOffs.map(({ cutOff, kept, expectedPrecision, expectedRecall }) => [
        scoreText(cutOff),
        groupedText(kept),
        percentText(expectedPrecision, 0),
        percentText(expectedRecall, 0),
      ]),
      [0],
    ),
  );
}

const SHOWN_DEPENDENCE = 40;

function dependenceSection({ dependence, classes }: PickReportData): Markup {
  const title = "What depends on each example";
  const measured = dependence
    .flatMap(({ changedShare, ...rest }) => (changedShare === undefined ? [] : [{ changedShare, ...rest }]))
    .sort((a, b) => b.changedShare - a.changedShare);
  if (measured.length === 0)
    return section(
      title,
      "Every class has a single example, so none can be left out to see what changes. A second example of each class makes the result more robust and this table possible.",
    );
  return section(
    title,
    "Each example was left out in turn and all picks were identified again. An example deserves a second look if many picks depend on it, or if the other examples assign it to another class.",
    plainTable(
      [
        "Example",
        "Class",
        "Picks that change class without it",
        "Similarity to the rest of its class",
        "Class by the other examples",
      ],
      measured
        .slice(0, SHOWN_DEPENDENCE)
        .map(({ source, classIndex, changedShare, ownSimilarity, recognised }) => [
          source,
          classes[classIndex]?.name ?? "a negative",
          percentText(changedShare),
          scoreText(ownSimilarity ?? Number.NaN),
          recognised ? "the same" : "another",
        ]),
      [2, 4],
    ),
    measured.length > SHOWN_DEPENDENCE
      ? html`<p class="caption">The ${SHOWN_DEPENDENCE} of ${measured.length} on which most picks depend; all are in picks.json.</p>`
      : undefined,
  );
}

const PICK_GLOSSARY: Terms = [
  ["Candidate", "A local maximum of the detector's score map: a likely centre of a particle of any kind."],
  [
    "Similarity",
    "Of the candidate's box to the examples of a class, as the network sees them: 1 is identical, 0 has nothing in common.",
  ],
  [
    "Probability",
    "That the candidate belongs to its class: the probability that it belongs to any of the classes (its similarity, compared with those of simulated particles of known and other complexes) times that of this class among them.",
  ],
  ["Margin", "Probability of the best class among the classes minus that of the second best: 0 is a tie."],
  [
    "Picked",
    "A candidate that is more likely to belong to one of the classes than to none, and whose probability is at or above the cut-off that was asked for.",
  ],
];
