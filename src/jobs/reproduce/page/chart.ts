import {
  chart,
  cssColour,
  leftAxis,
  line,
  linearAxis,
  type Markup,
  noiseText,
  percentText,
  short,
  text,
} from "../../../report/index.js";
import { cellOf } from "../lookups.js";
import { paperAccuracy } from "../paper.js";
import type { ReproductionCell } from "../tables.js";
import type { FigureNetwork } from "./figures.js";

const PANEL = { width: 300, height: 250, gap: 26 };
const MARGINS = { top: 78, right: 10, bottom: 44, left: 52 };
const COLUMNS_OF_LEGEND = 3;

/**
 * Accuracy over the number of classes, a panel for each noise level, with 95 % intervals; the dotted steps are guessing,
 * rings what the paper states.
 */
export function accuracyChart(
  cells: readonly ReproductionCell[],
  networks: readonly FigureNetwork[],
  { standalone = false } = {},
): Markup {
  const snrs = [...new Set(cells.map(({ snr }) => snr))].sort((a, b) => b - a);
  const ways = [...new Set(cells.map(({ way }) => way))].sort((a, b) => a - b);
  const width = MARGINS.left + snrs.length * (PANEL.width + PANEL.gap) - PANEL.gap + MARGINS.right;
  const height = MARGINS.top + PANEL.height + MARGINS.bottom;
  const frame = { width, height, title: "One-shot accuracy by number of classes and noise" };
  const axis = linearAxis([0, 1], [height - MARGINS.bottom, MARGINS.top], {
    label: (value) => percentText(value, 0),
  });
  const content = [leftAxis(axis, frame, MARGINS)];
  networks.forEach(({ name, colour }, index) => {
    const x = MARGINS.left + (index % COLUMNS_OF_LEGEND) * 230;
    const y = 14 + 19 * Math.floor(index / COLUMNS_OF_LEGEND);
    content.push(`<circle cx="${x + 5}" cy="${y - 4}" r="5" fill="${cssColour(colour)}"/>`, text(x + 17, y, name));
  });
  snrs.forEach((snr, panel) => {
    const left = MARGINS.left + panel * (PANEL.width + PANEL.gap);
    const step = PANEL.width / ways.length;
    content.push(
      text(left + PANEL.width / 2, height - 6, noiseText(snr), { anchor: "middle", className: "strong" }),
      line("axis", left, height - MARGINS.bottom, left + PANEL.width, height - MARGINS.bottom),
    );
    ways.forEach((way, index) => {
      const middle = left + (index + 0.5) * step;
      const chance = short(axis.place(1 / way));
      content.push(
        text(middle, height - MARGINS.bottom + 17, `${way}-way`, { anchor: "middle", className: "quiet" }),
        `<path class="axis" stroke-dasharray="2 3" d="M${short(middle - 0.42 * step)} ${chance}h${short(0.84 * step)}"/>`,
      );
      networks.forEach(({ key, colour }, order) => {
        const cell = cellOf({ cells }, key, { way, snr });
        if (!cell) return;
        const x = middle + (order - (networks.length - 1) / 2) * ((0.78 * step) / networks.length);
        content.push(
          line("whisker", x, axis.place(cell.ci95[0]), x, axis.place(cell.ci95[1])),
          `<circle cx="${short(x)}" cy="${short(axis.place(cell.accuracy))}" r="4.5" fill="${cssColour(colour)}"/>`,
        );
        const stated = Number(paperAccuracy(key, way, snr) || Number.NaN) / 100;
        if (Number.isFinite(stated))
          content.push(
            `<circle cx="${short(x)}" cy="${short(axis.place(stated))}" r="4" fill="none" stroke-width="2" stroke="${cssColour(colour)}"/>`,
          );
      });
    });
  });
  return chart(frame, content, { standalone });
}
