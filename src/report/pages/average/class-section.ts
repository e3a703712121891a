import { countText } from "../../../count-text.js";
import type { Volume } from "../../../volume/index.js";
import { angularDistribution } from "../../chart/angular-distribution.js";
import { fscChart } from "../../chart/fsc-chart.js";
import { lineChart } from "../../chart/line-chart.js";
import { type Colour, classColour } from "../../chart/palette.js";
import { boxNote, sliceViews, surfaceView } from "../../page/box-view.js";
import { html, type Markup } from "../../page/markup.js";
import { panel, panels, section } from "../../page/page.js";
import type { AverageIteration, AverageReportClass } from "./data.js";

/** Pictures and curves of one average. */
export function classSection(entry: AverageReportClass, index: number): Markup {
  const { name, average, before, surfaceLevel, correlation, orientations, iterations } = entry;
  const colour = classColour(index);
  return section(
    name,
    sentencesOf(entry),
    html`<div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(min(320px,100%),1fr));gap:16px;margin-top:18px">
${before && mapTile(`Before: ${before.what}`, before.volume, undefined, colour)}
${mapTile(before ? "After: the average" : "The average", average, surfaceLevel, colour)}</div>`,
    html`<p class="caption">${boxNote(average).replace(/; rescaled.*/, "; protein bright.")}</p>`,
    panels(
      correlation &&
        panel(
          "Fourier shell correlation",
          "Of the averages of two independent halves of the particles.",
          fscChart(correlation, average.voxelSizeAngstrom),
        ),
      panel(
        "Angular distribution",
        orientations.length > 0 ? "From where the particles were seen." : "No particle is in the average.",
        angularDistribution(orientations),
      ),
      iterations.length > 1 ? convergencePanel(iterations, colour) : undefined,
    ),
  );
}

function sentencesOf({ particles, setAside, symmetry, symmetryNote, notes }: AverageReportClass): string {
  const aside = setAside
    .filter(([, count]) => count > 0)
    .map(([why, count]) => `${countText(count, "particle")} set aside: ${why}.`);
  const group = symmetry === "C1" ? "No symmetry imposed" : `Symmetry ${symmetry}`;
  return [
    `${countText(particles, "particle")} averaged.`,
    ...aside,
    `${group}${symmetryNote === "" ? "" : ` (${symmetryNote})`}.`,
    ...notes,
  ].join(" ");
}

/** Three central sections and, where there is a level for it, the surface. */
function mapTile(title: string, volume: Volume, level: number | undefined, colour: Colour): Markup {
  const surface =
    level !== undefined && surfaceView(volume, level, colour, { size: 300, alternative: "surface of the average" });
  return html`<div class="tile"><div class="four">${sliceViews({ volume }, colour)}<span class="solid">${surface}</span></div>
<div class="verdict">${title}</div></div>`;
}

function convergencePanel(iterations: readonly AverageIteration[], colour: Colour): Markup {
  const last = iterations[iterations.length - 1];
  const chart = lineChart(
    [
      {
        label: "",
        points: iterations.map(({ iteration, resolutionAngstrom }) => ({
          x: iteration,
          y: resolutionAngstrom ?? Number.NaN,
        })),
        colour,
        dots: iterations.length <= 60,
      },
    ],
    { title: "Resolution by iteration", xTitle: "iteration", yTitle: "Å at an FSC of 0.143", xLabel: wholeOnly },
  );
  return panel(
    "Convergence",
    `In the last round orientations changed by ${last.meanTurnDegrees.toFixed(1)}° on average.`,
    chart,
  );
}

/** Ticks between iterations say nothing. */
function wholeOnly(value: number): string {
  return Number.isInteger(value) ? String(value) : "";
}
