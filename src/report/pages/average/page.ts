import { countText } from "../../../count-text.js";
import { colourChip, plainTable } from "../../page/data-table.js";
import { html, type Markup } from "../../page/markup.js";
import { groupedText, scoreText } from "../../page/number-text.js";
import { factTable, runPage, section, type Terms } from "../../page/page.js";
import { warningSection } from "../../page/warning-section.js";
import { classSection } from "./class-section.js";
import type { AverageReportClass, AverageReportData } from "./data.js";

/** The page of `cosnet average`: how far each average is resolved, before and after, and how to go on from it. */
export function averageReport({ warnings, classes, commands, outputs, run }: AverageReportData): string {
  const averaged = classes.reduce((sum, { particles }) => sum + particles, 0);
  const aside = classes.reduce((sum, { setAside }) => sum + setAside.reduce((total, [, count]) => total + count, 0), 0);
  const best = classes
    .filter(({ resolutionAngstrom }) => resolutionAngstrom !== undefined)
    .sort((a, b) => (a.resolutionAngstrom ?? 0) - (b.resolutionAngstrom ?? 0))[0];
  return runPage({
    title: `averages of ${countText(classes.length, "class", "classes")}`,
    kind: "averages",
    answer: {
      title: `${countText(averaged, "particle")} averaged in ${countText(classes.length, "class", "classes")}`,
      lead: "The particles of each class were aligned and averaged in two independent halves; how far the halves agree is how far the average can be believed.",
      figures: [
        [
          best ? angstromText(best.resolutionAngstrom) : "–",
          "Å at an FSC of 0.143",
          best ? `the best resolved: ${best.name}` : "the halves of no class have anything in common",
        ],
        [groupedText(averaged), "particles averaged", `in ${countText(classes.length, "class", "classes")}`],
        [groupedText(aside), "set aside", aside > 0 ? "why, by class, below" : "none"],
      ],
    },
    sections: [
      warningSection(warnings),
      section("Averages", "The best resolved first; resolutions of the corrected curves.", summary(classes)),
      ...classes.map((entry, index) => classSection(entry, index)),
      commands.length > 0
        ? section(
            "Go on",
            "",
            factTable(commands.map(([meaning, command]) => [meaning, html`<code>${command}</code>`])),
          )
        : undefined,
    ],
    outputs,
    terms: MEANINGS,
    run,
  });
}

function summary(classes: readonly AverageReportClass[]): Markup {
  const rows = classes
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => (a.entry.resolutionAngstrom ?? Infinity) - (b.entry.resolutionAngstrom ?? Infinity))
    .map(({ entry, index }) => [
      html`${colourChip(index)} ${entry.name}`,
      groupedText(entry.particles),
      groupedText(entry.setAside.reduce((sum, [, count]) => sum + count, 0)),
      entry.symmetry,
      angstromText(entry.resolutionAngstrom),
      angstromText(entry.resolutionAtHalfAngstrom),
    ]);
  return plainTable(["class", "particles", "set aside", "symmetry", "Å at 0.143", "Å at 0.5"], rows, [1]);
}

function angstromText(value: number | undefined): string {
  return scoreText(value ?? Number.NaN, 1);
}

const MEANINGS: Terms = [
  [
    "Fourier shell correlation (FSC)",
    "Correlation of the averages of two halves of the particles, by spatial frequency. The resolution is where it falls below 0.143, or, more strictly, below 0.5.",
  ],
  [
    "Corrected",
    "A mask makes any two maps alike. How much so is measured on the same maps with random phases, and taken out.",
  ],
  [
    "Angular distribution",
    "The direction of the beam in the frame of the average, a point or a part of a cell for each particle. Directions that are missing leave a missing wedge in the average.",
  ],
  ["Set aside", "Particles of the class that do not take part in its average."],
];
