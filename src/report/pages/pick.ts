import { histogramChart } from "../chart/histogram.js";
import { intervalBars } from "../chart/interval-bars.js";
import { type Colour, classColour, cssColour } from "../chart/palette.js";
import { classCards } from "../page/class-cards.js";
import type { ReportClass, ReportParticle, RunInformation } from "../page/data.js";
import { html, type Markup, trusted } from "../page/markup.js";
import { countText, percentText, scoreText } from "../page/number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "../page/page.js";
import { particleGallery } from "../page/particle-gallery.js";
import { pngDataUri } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";

/** A slice of a tomogram with what was found in it; lengths in pixels of the plane, from its upper left corner. */
export interface PickSlice {
  readonly depthAngstrom: number;
  readonly plane: Plane;
  /** Where a slice cuts a candidate's sphere; without a class it was not picked. */
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

/** What a candidate is, and how sure that is. */
interface PickScore {
  readonly classIndex: number;
  readonly probability: number;
  readonly similarity: number;
  readonly accepted: boolean;
}

export interface PickReportData {
  /** The classes that are looked for. */
  readonly classes: readonly ReportClass[];
  readonly tomograms: readonly PickReportTomogram[];
  readonly scores: readonly PickScore[];
  readonly cutOffs: readonly {
    readonly cutOff: number;
    readonly kept: number;
    readonly expectedPrecision: number;
    readonly expectedRecall: number;
  }[];
  /** What hangs on each example. Undefined shares: the only example of its class. */
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

/** The page of `cosnet pick`: what was found where, how sure that is, and what it hangs on. The truth is unknown. */
export function pickReport(data: PickReportData): string {
  const { classes, tomograms, scores, gallery, outputs, run } = data;
  const picked = scores.filter(({ accepted }) => accepted);
  const counts = classes.map((_, index) => picked.filter(({ classIndex }) => classIndex === index).length);
  const expected = picked.reduce((sum, { probability }) => sum + probability, 0);
  return page({
    title: `cosnet: ${picked.length} particles picked`,
    kind: "particle picking",
    body: [
      headline({
        title: `${countText(picked.length, "particle")} of ${countText(classes.length, "class", "classes")} in ${countText(tomograms.length, "tomogram")}`,
        lead: "Every place that looks like a particle was compared with the examples. Nobody has told cosnet what is really there: look at the pictures before you believe the numbers.",
        figures: [
          {
            number: scores.length.toLocaleString("en-US"),
            label: "candidates",
            detail: "places that look like a particle of some kind",
          },
          {
            number: picked.length.toLocaleString("en-US"),
            label: "picked",
            detail: `${percentText(scores.length > 0 ? picked.length / scores.length : Number.NaN, 0)} of the candidates; the others are of none of the classes`,
          },
          {
            number: picked.length > 0 ? percentText(expected / picked.length, 0) : "–",
            label: "expected to be right",
            detail: "mean probability of the picks; it was learnt on simulated particles",
          },
        ],
      }),
      section(
        "The classes and their examples",
        "The central slices of the first examples of each class, with the outlines that the network drew in them.",
        classCards(
          classes,
          counts.map(
            (count, i) =>
              `${countText(count, "particle")} picked; ${countText(classes[i].supports.length, "example")} given.`,
          ),
        ),
      ),
      section(
        "Where they are",
        "Slices across the beam with a circle where a candidate's sphere is cut: in the colour of its class, or thin and grey where nothing was picked.",
        legend(classes),
        html`${tomograms.map(tomogramViews)}`,
      ),
      section(
        "How many, and how sure",
        "Probability: that the candidate is of this class and no other, and not of something else.",
        html`<div class="panels">${countPanel(classes, counts)}${probabilityPanel(classes, scores)}${similarityPanel(scores)}${cutOffPanel(data)}</div>`,
      ),
      dependenceSection(data),
      section(
        "Particles to look at",
        "Of each class the picks with the largest margins first, then those with the smallest.",
        particleGallery(
          classes.map(({ name }, index) => ({
            title: name,
            colourIndex: index,
            note: countText(counts[index], "particle"),
            particles: gallery.filter(({ predictedClass }) => predictedClass === index),
          })),
          classes,
        ),
      ),
      section(
        "Files",
        "What this run wrote.",
        html`<div class="scroll"><table class="facts">${outputs.map(([meaning, path]) => html`<tr><th>${meaning}</th><td><code>${path}</code></td></tr>`)}</table></div>`,
      ),
      section("What the numbers mean", "", glossary(PICK_GLOSSARY)),
      section("How to repeat this", "The same command, seed and version give the same result.", runFacts(run)),
    ],
  });
}

function legend(classes: readonly ReportClass[]): Markup {
  const entry = (name: string, colour: Colour) =>
    html`<span style="display:inline-flex;align-items:center;gap:6px;margin-right:18px;--class:${cssColour(colour)}"><span class="chip"></span>${name}</span>`;
  return html`<p style="max-width:none">${classes.map(({ name }, index) => entry(name, classColour(index)))}${entry("not picked", NOT_PICKED)}</p>`;
}

function tomogramViews({ name, facts, slices }: PickReportTomogram): Markup {
  return html`<h3 style="margin-top:26px;overflow-wrap:anywhere">${name}</h3>
<div class="scroll"><table class="facts">${facts.map(([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`)}</table></div>
<div class="panels">${slices.map(sliceView)}</div>`;
}

function sliceView({ depthAngstrom, plane, circles }: PickSlice): Markup {
  const scale = plane.width < 360 ? 2 : 1;
  const picture = pngDataUri(
    slicePicture(plane, contrastRange(plane.data, { lowPercent: 0.5, highPercent: 99.8 }), { scale }),
  );
  const drawn = [...circles].sort(
    (a, b) => (a.classIndex === undefined ? 0 : 1) - (b.classIndex === undefined ? 0 : 1),
  );
  const shapes = drawn
    .map(({ x, y, radius, classIndex }) => {
      const colour = cssColour(classIndex === undefined ? NOT_PICKED : classColour(classIndex));
      const width = (classIndex === undefined ? 0.0016 : 0.0034) * plane.width;
      const size = Math.max(radius, 0.004 * plane.width);
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(1)}" stroke="${colour}" stroke-width="${width.toFixed(2)}"/>`;
    })
    .join("");
  const picked = circles.filter(({ classIndex }) => classIndex !== undefined).length;
  return panel(
    `${(depthAngstrom / 10).toFixed(0)} nm deep`,
    `${countText(picked, "pick")} and ${circles.length - picked} other candidates cut by this slice.`,
    html`<div style="position:relative;line-height:0;border-radius:6px;overflow:hidden"><img src="${picture}" alt="slice of the tomogram" style="width:100%;height:auto;display:block">${trusted(`<svg viewBox="0 0 ${plane.width} ${plane.height}" fill="none" style="position:absolute;inset:0;width:100%;height:100%" aria-hidden="true">${shapes}</svg>`)}</div>`,
  );
}

function countPanel(classes: readonly ReportClass[], counts: readonly number[]): Markup {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return panel(
    "Picks by class",
    "Candidates that are more probably of none of the classes are not counted.",
    intervalBars(
      classes.map(({ name }, index) => ({
        label: name,
        value: counts[index],
        note: `${counts[index]} (${percentText(total > 0 ? counts[index] / total : 0, 0)})`,
        colour: classColour(index),
      })),
      { title: "Picks by class", range: [0, Math.max(1, ...counts)], tickLabel: (value) => String(Math.round(value)) },
    ),
  );
}

function probabilityPanel(classes: readonly ReportClass[], scores: readonly PickScore[]): Markup {
  return panel(
    "Probabilities of the picks",
    "A class that piles up on the right is well told apart; one that is spread out is not.",
    histogramChart(
      classes.map(({ name }, index) => ({
        label: name,
        values: scores.filter((s) => s.accepted && s.classIndex === index).map(({ probability }) => probability),
        colour: classColour(index),
      })),
      { title: "Probabilities of the picks", axisTitle: "probability of the class", range: [0, 1] },
    ),
  );
}

function similarityPanel(scores: readonly PickScore[]): Markup {
  const values = (accepted: boolean) =>
    scores.filter((s) => s.accepted === accepted).map(({ similarity }) => similarity);
  const finite = scores.map(({ similarity }) => similarity).sort((a, b) => a - b);
  const low = Math.floor(10 * (finite[Math.floor(0.005 * finite.length)] ?? 0)) / 10;
  const high = Math.max(low + 0.1, Math.ceil(10 * (finite.at(-1) ?? 1)) / 10);
  return panel(
    "Similarity to the nearest class",
    "Two hills mean that there are particles of the classes and others; where they meet, the answer is doubtful.",
    histogramChart(
      [
        { label: "picked", values: values(true), colour: classColour(0) },
        { label: "not picked", values: values(false), colour: NOT_PICKED },
      ],
      { title: "Similarity to the nearest class", axisTitle: "similarity", range: [low, high] },
    ),
  );
}

function cutOffPanel({ cutOffs }: PickReportData): Markup {
  return panel(
    "Where to cut off",
    "What to expect of the candidates from a probability on: how many, what share of them is right, and what share of all findable particles that is. As good as the probabilities are.",
    html`<table><tr><th class="number">Probability from</th><th class="number">Particles</th><th class="number">Expected precision</th><th class="number">Expected recall</th></tr>${cutOffs.map(
      ({ cutOff, kept, expectedPrecision, expectedRecall }) =>
        html`<tr><td class="number">${scoreText(cutOff)}</td><td class="number">${kept.toLocaleString("en-US")}</td><td class="number">${percentText(expectedPrecision, 0)}</td><td class="number">${percentText(expectedRecall, 0)}</td></tr>`,
    )}</table>`,
  );
}

const SHOWN_DEPENDENCE = 40;

function dependenceSection({ dependence, classes }: PickReportData): Markup {
  const measured = dependence
    .filter(({ changedShare }) => changedShare !== undefined)
    .sort((a, b) => b.changedShare! - a.changedShare!);
  if (measured.length === 0)
    return section(
      "What hangs on each example",
      "Every class has one example, so none can be left out to see what changes. A second example of each class makes the answer firmer and this table possible.",
    );
  return section(
    "What hangs on each example",
    "Each example was left out in turn and all picks identified again. One on which many answers hang, or that the others would take for another class, deserves a second look.",
    html`<div class="scroll"><table><tr><th>Example</th><th>Class</th><th class="number">Picks that change class without it</th><th class="number">Similarity to the class's others</th><th>The others take it for</th></tr>${measured
      .slice(0, SHOWN_DEPENDENCE)
      .map(
        ({ source, classIndex, changedShare, ownSimilarity, recognised }) =>
          html`<tr><td>${source}</td><td>${classes[classIndex]?.name ?? "a negative example"}</td><td class="number">${percentText(changedShare!)}</td><td class="number">${scoreText(ownSimilarity ?? Number.NaN)}</td><td>${recognised ? "its class" : "another class"}</td></tr>`,
      )}</table></div>${measured.length > SHOWN_DEPENDENCE ? html`<p class="caption">The ${SHOWN_DEPENDENCE} of ${measured.length} on which most hangs; all are in picks.json.</p>` : html``}`,
  );
}

const PICK_GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  ["Candidate", "A local maximum of the detector's map: where it expects the centre of a particle of whatever kind."],
  [
    "Similarity",
    "How alike the candidate's box is to a class's examples, as the network sees them: 1 is the same, 0 has nothing in common.",
  ],
  [
    "Probability",
    "That the candidate is of its class: that it is of one of the classes at all (from its similarity, compared with simulated particles of offered and of other complexes), times that it is of this one among them.",
  ],
  ["Margin", "Probability among the classes minus that of the second best: 0 is a tie."],
  [
    "Picked",
    "It is more probable that it is of one of the classes than of none, and its class is no less probable than the cut-off that was asked for.",
  ],
];
