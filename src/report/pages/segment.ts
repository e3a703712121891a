import { countText } from "../../count-text.js";
import type { Distribution } from "../../evaluate/index.js";
import { histogramChart } from "../chart/histogram.js";
import { classColour } from "../chart/palette.js";
import { boxNote } from "../page/box-view.js";
import type { ReportBox, RunInformation } from "../page/data.js";
import { colourChip, plainTable } from "../page/data-table.js";
import { html, type Markup } from "../page/markup.js";
import { groupedText, percentText, scoreText } from "../page/number-text.js";
import { image, panel, panels, runPage, section, type Terms } from "../page/page.js";
import { galleryGroup, galleryTile } from "../page/particle-gallery.js";
import { SECTION_COUNT, sliceImage, sliceTitle, sliceTreatment, type TomogramSlice } from "../page/tomogram-slice.js";
import { warningSection } from "../page/warning-section.js";
import type { Picture } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";

/** One class of segmented particles. The arrays hold one number for each of its particles with a mask that is not empty. */
export interface SegmentedClassShapes {
  readonly name: string;
  readonly label: number;
  /** All of them, those with an empty mask included. */
  readonly particles: number;
  readonly diametersAngstrom: readonly number[];
  readonly sphericities: readonly number[];
  readonly diameter: Distribution;
  readonly volume: Distribution;
  readonly surface: Distribution;
  readonly extent: Distribution;
}

export interface SegmentReportData {
  /** What looks wrong about inputs or result, as it was said on the terminal. */
  readonly warnings: readonly string[];
  readonly classes: readonly SegmentedClassShapes[];
  readonly gallery: readonly {
    readonly name: string;
    readonly classIndex: number;
    readonly box: ReportBox;
    readonly diameterAngstrom: number;
    readonly sphericity: number;
  }[];
  /** Where there is a tomogram: one section, its classes (index + 1, 0 is background), and a 3D view of all particles. */
  readonly tomogram?:
    | {
        readonly sizeText: string;
        readonly slice: TomogramSlice;
        readonly sliceClasses: Plane;
        readonly view: Picture;
      }
    | undefined;
  /** Particles to inspect, and why, such as ["that reach the edge of their box", 3]. */
  readonly doubts: readonly (readonly [what: string, count: number])[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}

/** The page of `cosnet segment`: sizes and shapes by class, pictures to judge the masks by, and how to repeat it. */
export function segmentReport(data: SegmentReportData): string {
  const { warnings, classes, gallery, tomogram, doubts, outputs, run } = data;
  const total = classes.reduce((sum, { particles }) => sum + particles, 0);
  const segmented = classes.reduce((sum, { diametersAngstrom }) => sum + diametersAngstrom.length, 0);
  const present = doubts.filter(([, count]) => count > 0);
  const doubtful = present.reduce((sum, [, count]) => sum + count, 0);
  const largest = [...classes].sort((a, b) => b.particles - a.particles)[0];
  return runPage({
    title: `${countText(total, "particle")} segmented`,
    kind: "segmentation",
    answer: {
      title: `${countText(segmented, "particle")} of ${countText(classes.length, "class", "classes")} segmented in 3D`,
      lead: "The network segmented every particle, the mask was refined, and its size measured. Sizes are those of the masks, so they include the effects of resolution, noise and the missing wedge.",
      figures: [
        [
          groupedText(segmented),
          "segmented",
          segmented < total ? `of ${groupedText(total)}; the others have an empty mask` : "all of them",
        ],
        [
          nanometre(largest?.diameter.median ?? Number.NaN),
          "nm median diameter",
          largest ? `of the largest class, ${largest.name}` : "",
        ],
        [
          groupedText(doubtful),
          doubtful === 1 ? "doubt about masks" : "doubts about masks",
          doubtful > 0 ? "listed under the sizes" : "no mask stands out",
        ],
      ],
    },
    sections: [
      warningSection(warnings),
      tomogram && tomogramSection(tomogram),
      section(
        "Sizes",
        "The diameter is that of the sphere of the same volume.",
        panels(...sizePanels(classes)),
        sizeTable(classes),
        present.length > 0
          ? html`<p>${present.map(([what, count]) => html`${countText(count, "particle")} ${what}. `)}</p>`
          : undefined,
      ),
      section(
        "Masks",
        `A random selection from each class: ${gallery.length} of ${countText(total, "particle")}. Slices with the contour of the mask, and its surface. ${boxNote(gallery[0]?.box.volume)}`,
        ...classes.map((entry, index) => galleryOf(entry, index, gallery)),
      ),
    ],
    outputs,
    terms: MEANINGS,
    run,
  });
}

const MEANINGS: Terms = [
  ["Volume", "Enclosed by the surface on which the probability of the particle is one half."],
  ["Surface", "Its area. At this resolution fine folds are smoothed away, so the true area is larger."],
  [
    "Sphericity",
    "Area of the sphere of the same volume, divided by the area: 1 for a sphere, about 0.85 for a rod three times as long as wide. Inner surfaces count, so hollow particles have low values.",
  ],
  ["Longest extent", "Largest distance between two points of the surface."],
];

function nanometre(angstrom: number): string {
  return scoreText(angstrom / 10, 1);
}

function sizePanels(classes: readonly SegmentedClassShapes[]): Markup[] {
  const diameters = classes.map(({ name, diametersAngstrom }) => ({
    label: name,
    values: diametersAngstrom.map((value) => value / 10),
  }));
  const all = diameters.flatMap(({ values }) => values);
  if (all.length === 0) return [];
  const low = Math.floor(all.reduce((a, b) => Math.min(a, b)));
  const high = Math.ceil(all.reduce((a, b) => Math.max(a, b)));
  return [
    panel(
      "Diameters",
      "A narrow peak is one kind of particle; a second peak or a long tail is another, or particles that stick together.",
      histogramChart(diameters, {
        axisTitle: "diameter (nm)",
        range: [low, Math.max(high, low + 1)],
      }),
    ),
    panel(
      "Sphericity",
      "1 is a sphere.",
      histogramChart(
        classes.map(({ name, sphericities }) => ({ label: name, values: sphericities })),
        { axisTitle: "sphericity", range: [0.4, 1] },
      ),
    ),
  ];
}

function sizeTable(classes: readonly SegmentedClassShapes[]): Markup {
  const spread = ({ median, lowerQuartile, upperQuartile }: Distribution, show: (value: number) => string) =>
    Number.isNaN(median) ? "–" : `${show(median)} (${show(lowerQuartile)} to ${show(upperQuartile)})`;
  const cubic = (value: number) => groupedText(Math.round(value / 1000));
  const square = (value: number) => groupedText(Math.round(value / 100));
  const table = plainTable(
    ["", "Class", "Label", "Particles", "Diameter (nm)", "Volume (nm³)", "Surface (nm²)", "Longest extent (nm)"],
    classes.map(({ name, label, particles, diameter, volume, surface, extent }, index) => [
      colourChip(index),
      name,
      String(label),
      groupedText(particles),
      spread(diameter, nanometre),
      spread(volume, cubic),
      spread(surface, square),
      spread(extent, nanometre),
    ]),
    [2],
  );
  return html`${table}<p class="quiet">Median, with the quartiles: half of the particles lie between them.</p>`;
}

function galleryOf(
  { name, particles }: SegmentedClassShapes,
  index: number,
  gallery: SegmentReportData["gallery"],
): Markup | undefined {
  const shown = gallery.filter(({ classIndex }) => classIndex === index);
  if (shown.length === 0) return undefined;
  const tiles = shown.map((particle) =>
    galleryTile(particle, `${nanometre(particle.diameterAngstrom)} nm, sphericity ${scoreText(particle.sphericity)}`),
  );
  return galleryGroup({ name, index, note: countText(particles, "particle") }, tiles);
}

function tomogramSection(tomogram: NonNullable<SegmentReportData["tomogram"]>): Markup {
  const { sizeText, slice, sliceClasses, view } = tomogram;
  const covered = sliceClasses.data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / sliceClasses.data.length;
  const picture = overlayPicture(slice.plane, sliceClasses);
  return section(
    "In the tomogram",
    `${sizeText}. Each class in its own colour; where particles overlap, a voxel belongs to the more probable one. ${SECTION_COUNT}`,
    panels(
      panel(
        sliceTitle(slice),
        `The segmented particles fill ${percentText(covered)} of it. ${sliceTreatment(slice)}`,
        sliceImage(slice, "section with class colours", { picture }),
      ),
      panel("All particles", "Seen from above and in front.", image(view, "3D view of the segmented particles")),
    ),
  );
}

/** Opacity of the class colours over the grey section. */
const OVERLAY_OPACITY = 0.45;

function overlayPicture(plane: Plane, classes: Plane): Picture {
  const grey = slicePicture(plane, contrastRange(plane.data), { scale: 1 });
  const pixels = new Uint8Array(4 * plane.width * plane.height);
  for (let i = 0; i < classes.data.length; i++) {
    const value = grey.pixels[i];
    const index = classes.data[i];
    const colour = index > 0 ? classColour(index - 1) : undefined;
    for (let channel = 0; channel < 3; channel++)
      pixels[4 * i + channel] = colour ? value + OVERLAY_OPACITY * (colour[channel] - value) : value;
    pixels[4 * i + 3] = 255;
  }
  return { width: plane.width, height: plane.height, channels: 4, pixels };
}
