import type { Markup } from "../page/markup.js";
import { linearAxis } from "./axis.js";
import { bottomAxis, chart, leftAxis, short, text } from "./chart-frame.js";
import { type Colour, classColour, cssColour } from "./palette.js";

interface HistogramSeries {
  readonly label: string;
  readonly values: readonly number[];
  /** That of the class with the series' index without it. */
  readonly colour?: Colour;
}

interface HistogramOptions {
  readonly axisTitle: string;
  readonly range: readonly [low: number, high: number];
  readonly bins?: number;
  readonly width?: number;
}

/** Stacked counts of several series in equal bins; values outside the range go to the end bins, NaN is left out. */
export function histogramChart(series: readonly HistogramSeries[], options: HistogramOptions): Markup {
  const { axisTitle, range, bins = 24, width = 540 } = options;
  const [low, high] = range;
  const counts = series.map(({ values }) => {
    const count = new Array<number>(bins).fill(0);
    for (const value of values)
      if (!Number.isNaN(value))
        count[Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)))]++;
    return count;
  });
  const tallest = Math.max(1, ...counts[0].map((_, bin) => counts.reduce((sum, count) => sum + count[bin], 0)));
  const legend = legendOf(series, { left: 34, width });
  const legendHeight = legend.at(-1)?.y ?? 14;
  const frame = { width, height: 206 + legendHeight, title: `Particles by ${axisTitle}` };
  const margins = { top: legendHeight + 10, right: 14, bottom: 40, left: 34 };
  const xAxis = linearAxis(range, [margins.left, frame.width - margins.right], { tickCount: width / 90 });
  const yAxis = linearAxis([0, tallest], [frame.height - margins.bottom, margins.top], {
    tickCount: Math.min(4, tallest),
    label: (value) => String(Math.round(value)),
  });
  const content = [leftAxis(yAxis, frame, margins, { title: "particles" })];
  for (let bin = 0; bin < bins; bin++) {
    const x1 = xAxis.place(low + ((high - low) * bin) / bins) + 0.5;
    const x2 = xAxis.place(low + ((high - low) * (bin + 1)) / bins) - 0.5;
    let below = 0;
    legend.forEach(({ colour }, index) => {
      const count = counts[index][bin];
      if (count === 0) return;
      const bottom = yAxis.place(below);
      const top = yAxis.place((below += count));
      content.push(
        `<rect x="${short(x1)}" y="${short(top)}" width="${short(x2 - x1)}" height="${short(bottom - top)}" fill="${cssColour(colour)}"/>`,
      );
    });
  }
  content.push(bottomAxis(xAxis, frame, margins, { title: axisTitle }));
  for (const { x, y, caption, colour } of legend)
    content.push(
      `<rect x="${x}" y="${y - 10}" width="11" height="11" rx="2" fill="${cssColour(colour)}"/>`,
      text(x + 16, y, caption),
    );
  return chart(frame, content);
}

/** Captions with their positions and colours, in as many lines as they need below the axis title. */
function legendOf(series: readonly HistogramSeries[], { left, width }: { left: number; width: number }) {
  let x = left;
  let y = 34;
  return series.map(({ label, values, colour }, index) => {
    const caption = `${label} (${values.length})`;
    const length = 34 + caption.length * 7;
    if (x > left && x + length > width) {
      x = left;
      y += 18;
    }
    const entry = { caption, colour: colour ?? classColour(index), x, y };
    x += length;
    return entry;
  });
}
