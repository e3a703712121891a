import type { Distribution } from "../../evaluate/index.js";
import { histogramChart } from "../chart/histogram.js";
import { type Colour, classColour, cssColour } from "../chart/palette.js";
import { maskSurface, sliceViews } from "../page/box-view.js";
import type { ReportBox, RunInformation } from "../page/data.js";
import { html, type Markup } from "../page/markup.js";
import { countText, percentText, scoreText } from "../page/number-text.js";
import { glossary, headline, page, panel, runFacts, section } from "../page/page.js";
import { type Picture, pngDataUri } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";

/** One class of segmented particles. The arrays hold one number for each of its particles that has an outline. */
export interface SegmentedClassShapes {
  readonly name: string;
  readonly label: number;
  /** All of them, also those without an outline. */
  readonly particles: number;
  readonly diametersAngstrom: readonly number[];
  readonly sphericities: readonly number[];
  readonly diameter: Distribution;
  readonly volume: Distribution;
  readonly surface: Distribution;
  readonly extent: Distribution;
}

export interface SegmentReportData {
  readonly classes: readonly SegmentedClassShapes[];
  readonly gallery: readonly {
    readonly name: string;
    readonly classIndex: number;
    readonly box: ReportBox;
    readonly diameterAngstrom: number;
    readonly sphericity: number;
  }[];
  /** Where there is a tomogram: one xy section, the classes there (index + 1, 0 is background), and a 3-D view of all. */
  readonly tomogram?:
    | {
        readonly sizeText: string;
        readonly section: Plane;
        readonly sectionClasses: Plane;
        readonly sectionIndex: number;
        readonly view: Picture;
      }
    | undefined;
  /** Particles to look at, and why, such as ["reach the edge of their box", 3]. */
  readonly doubts: readonly (readonly [what: string, count: number])[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}

/** The page of `cosnet segment`: sizes and shapes by class, pictures to judge the outlines by, and how to repeat it. */
export function segmentReport(data: SegmentReportData): string {
  const { classes, gallery, tomogram, doubts, outputs, run } = data;
  const total = classes.reduce((sum, { particles }) => sum + particles, 0);
  const outlined = classes.reduce((sum, { diametersAngstrom }) => sum + diametersAngstrom.length, 0);
  const doubtful = doubts.reduce((sum, [, count]) => sum + count, 0);
  const largest = [...classes].sort((a, b) => b.particles - a.particles)[0];
  return page({
    title: `cosnet: ${total} particles outlined`,
    kind: "segmentation",
    body: [
      headline({
        title: `${countText(outlined, "particle")} of ${countText(classes.length, "class", "classes")} outlined in 3-D`,
        lead: "Every particle was outlined by the network, its outline refined, and its size measured. Sizes are those of the outlines: resolution, noise and the missing wedge are in them.",
        figures: [
          {
            number: String(outlined),
            label: "outlined",
            detail: outlined < total ? `of ${total}; the others have an empty outline` : "all of them",
          },
          {
            number: nanometre(largest?.diameter.median ?? Number.NaN),
            label: "nm median diameter",
            detail: largest ? `of the largest class, ${largest.name}` : "",
          },
          {
            number: String(doubtful),
            label: doubtful === 1 ? "doubt" : "doubts",
            detail: doubtful > 0 ? "listed under the sizes" : "nothing stands out",
          },
        ],
      }),
      tomogram ? tomogramSection(tomogram) : html``,
      section(
        "Sizes",
        "The diameter is that of the sphere of the same volume.",
        html`<div class="panels">${sizePanels(classes)}</div>`,
        sizeTable(classes),
        doubtful > 0
          ? html`<p>${doubts.filter(([, count]) => count > 0).map(([what, count]) => html`${countText(count, "particle")} ${what}. `)}</p>`
          : html``,
      ),
      section(
        "Outlines",
        `A random few of each class: ${countText(gallery.length, "particle")} of ${total}. Central slices with the outline, and its surface.`,
        ...classes.map((entry, index) => galleryOf(entry, index, gallery)),
      ),
      section(
        "Files",
        "What this run wrote.",
        html`<div class="scroll"><table class="facts">${outputs.map(([meaning, path]) => html`<tr><th>${meaning}</th><td><code>${path}</code></td></tr>`)}</table></div>`,
      ),
      section("What the numbers mean", "", glossary(MEANINGS)),
      section("How to repeat this", "The same command, seed and version give the same result.", runFacts(run)),
    ],
  });
}

const MEANINGS = [
  ["Volume", "what the surface encloses, where the probability of the particle is above one half."],
  ["Surface", "its area. At this resolution fine folds are smoothed away, so the true area is larger."],
  [
    "Sphericity",
    "area of the sphere of the same volume over the area: 1 for a sphere, about 0.85 for a rod three times as long as wide. Inner surfaces count, so that hollow particles have low values.",
  ],
  ["Longest extent", "largest distance between two points of the surface."],
] as const;

function nanometre(angstrom: number): string {
  return scoreText(angstrom / 10, 1);
}

function sizePanels(classes: readonly SegmentedClassShapes[]): Markup[] {
  const diameters = classes.flatMap(({ diametersAngstrom }) => diametersAngstrom.map((value) => value / 10));
  const low = Math.floor(diameters.reduce((a, b) => Math.min(a, b), Infinity));
  const high = Math.ceil(diameters.reduce((a, b) => Math.max(a, b), -Infinity));
  if (diameters.length === 0) return [];
  return [
    panel(
      "Diameters",
      "A narrow peak is one kind of particle; a second peak or a long tail is another, or particles that stick together.",
      histogramChart(
        classes.map(({ name, diametersAngstrom }, index) => ({
          label: name,
          values: diametersAngstrom.map((value) => value / 10),
          colour: classColour(index),
        })),
        { title: "Diameters by class", axisTitle: "diameter (nm)", range: [low, Math.max(high, low + 1)] },
      ),
    ),
    panel(
      "Sphericity",
      "1 is a sphere.",
      histogramChart(
        classes.map(({ name, sphericities }, index) => ({
          label: name,
          values: sphericities,
          colour: classColour(index),
        })),
        { title: "Sphericity by class", axisTitle: "sphericity", range: [0.4, 1] },
      ),
    ),
  ];
}

function sizeTable(classes: readonly SegmentedClassShapes[]): Markup {
  const spread = ({ median, lowerQuartile, upperQuartile }: Distribution, show: (value: number) => string) =>
    Number.isNaN(median) ? "–" : `${show(median)} (${show(lowerQuartile)} to ${show(upperQuartile)})`;
  const cubic = (value: number) => Math.round(value / 1000).toLocaleString("en-US");
  const square = (value: number) => Math.round(value / 100).toLocaleString("en-US");
  return html`<div class="scroll"><table><tr><th></th><th>Class</th><th class="number">Label</th><th class="number">Particles</th><th class="number">Diameter, nm</th><th class="number">Volume, nm³</th><th class="number">Surface, nm²</th><th class="number">Longest extent, nm</th></tr>${classes.map(
    ({ name, label, particles, diameter, volume, surface, extent }, index) =>
      html`<tr><td><span class="chip" style="display:inline-block;--class:${cssColour(classColour(index))}"></span></td><td>${name}</td><td class="number">${label}</td><td class="number">${particles.toLocaleString("en-US")}</td><td class="number">${spread(diameter, nanometre)}</td><td class="number">${spread(volume, cubic)}</td><td class="number">${spread(surface, square)}</td><td class="number">${spread(extent, nanometre)}</td></tr>`,
  )}</table></div><p class="quiet">Median, with the quartiles: half of the particles lie between them.</p>`;
}

function galleryOf(
  { name, particles }: SegmentedClassShapes,
  classIndex: number,
  gallery: SegmentReportData["gallery"],
): Markup {
  const colour = classColour(classIndex);
  const shown = gallery.filter((particle) => particle.classIndex === classIndex);
  if (shown.length === 0) return html``;
  return html`<div class="gallery">
<header style="--class:${cssColour(colour)}"><span class="chip"></span><h3>${name}</h3><span class="quiet">${countText(particles, "particle")}</span></header>
<div class="tiles">${shown.map((particle) => tile(particle, colour))}</div></div>`;
}

function tile(
  { name, box, diameterAngstrom, sphericity }: SegmentReportData["gallery"][number],
  colour: Colour,
): Markup {
  return html`<div class="tile" style="--class:${cssColour(colour)}" title="${name}">
<div class="four">${sliceViews(box, colour)}<span class="solid">${maskSurface(box, colour)}</span></div>
<div class="scores">${nanometre(diameterAngstrom)} nm, sphericity ${scoreText(sphericity)}</div>
<div class="name">${name.split("/").at(-1) || name}</div></div>`;
}

function tomogramSection(tomogram: NonNullable<SegmentReportData["tomogram"]>): Markup {
  const { sizeText, section: plane, sectionClasses, sectionIndex, view } = tomogram;
  const covered = sectionClasses.data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / sectionClasses.data.length;
  const overlay = overlayPicture(plane, sectionClasses);
  return section(
    "In the tomogram",
    `${sizeText}. Each class in its own colour; overlapping particles are told apart by their probabilities.`,
    html`<div class="panels">${panel(
      "Section",
      `xy section ${sectionIndex} with the outlined particles, which fill ${percentText(covered)} of it.`,
      picture(overlay, "xy section with class colours"),
    )}${panel("All of them", "Seen from above and in front.", picture(view, "3-D view of the outlined particles"))}</div>`,
  );
}

/** How much of the class colour lies over the grey section. */
const OVERLAY_SHARE = 0.45;

function overlayPicture(plane: Plane, classes: Plane): Picture {
  const grey = slicePicture(plane, contrastRange(plane.data), { scale: 1 });
  const pixels = new Uint8Array(4 * plane.width * plane.height);
  for (let i = 0; i < classes.data.length; i++) {
    const value = grey.pixels[i];
    const index = classes.data[i];
    const colour = index > 0 ? classColour(index - 1) : undefined;
    for (let channel = 0; channel < 3; channel++)
      pixels[4 * i + channel] = colour ? value + OVERLAY_SHARE * (colour[channel] - value) : value;
    pixels[4 * i + 3] = 255;
  }
  return { width: plane.width, height: plane.height, channels: 4, pixels };
}

function picture(content: Picture, alternative: string): Markup {
  return html`<img src="${pngDataUri(content)}" alt="${alternative}" style="width:100%;height:auto;display:block;border-radius:6px">`;
}
