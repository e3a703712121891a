import type { Markup } from "../page/markup.js";
import { compactNumber, linearAxis, logAxis } from "./axis.js";
import { bottomAxis, chart, leftAxis, line, short, text } from "./chart-frame.js";
import { type Colour, cssColour } from "./palette.js";

/** One line of a chart. */
export interface Curve {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly colour: Colour;
  /** Thin and pale: the raw values behind a smoothed curve. */
  readonly faint?: boolean;
  /** Small discs at the points, for curves with few of them. */
  readonly dots?: boolean;
}

export interface LineChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly yScale?: "linear" | "log";
  /** Fixed ends of the y axis; without it the data decide. */
  readonly yRange?: readonly [low: number, high: number];
  /** What a tick of the x axis says; without it its number. */
  readonly xLabel?: (value: number) => string;
  /** Horizontal lines with a word at their right end. */
  readonly guides?: readonly { readonly y: number; readonly label: string }[];
  readonly width?: number;
  readonly standalone?: boolean;
}

/** Curves over a common x axis with a legend. Points that are not finite (or not positive on a log axis) break a curve. */
export function lineChart(curves: readonly Curve[], options: LineChartOptions): Markup {
  const { title, xTitle, yTitle, yScale = "linear", width = 640, standalone = false } = options;
  const isShown = ({ x, y }: { x: number; y: number }) =>
    Number.isFinite(x) && Number.isFinite(y) && (yScale === "linear" || y > 0);
  const shown = curves.flatMap((curve) => curve.points.filter(isShown));
  const height = 300;
  const frame = { width, height, title };
  const margins = { top: 44, right: 18, bottom: 40, left: 48 };
  const xRange = extent(
    shown.map(({ x }) => x),
    [0, 1],
  );
  const yData =
    options.yRange ??
    extent(
      shown.map(({ y }) => y),
      [0.1, 1],
    );
  const pad = options.yRange || yScale === "log" ? 0 : 0.04 * (yData[1] - yData[0]);
  const span = [height - margins.bottom, margins.top] as const;
  const xAxis = linearAxis(xRange, [margins.left, width - margins.right], {
    tickCount: 6,
    label: options.xLabel ?? compactNumber,
  });
  const yAxis = yScale === "log" ? logAxis(yData, span) : linearAxis([yData[0] - pad, yData[1] + pad], span);
  const content = [
    leftAxis(yAxis, frame, margins, { title: yTitle }),
    bottomAxis(xAxis, frame, margins, { title: xTitle }),
  ];
  for (const { y, label } of options.guides ?? [])
    content.push(
      `<g style="stroke-dasharray:4 4">${line("axis", margins.left, yAxis.place(y), width - margins.right, yAxis.place(y))}</g>`,
      text(width - margins.right, yAxis.place(y) - 4, label, { anchor: "end", className: "quiet" }),
    );
  for (const curve of curves) {
    const colour = cssColour(curve.colour);
    let path = "";
    let pen = "M";
    for (const point of curve.points) {
      if (!isShown(point)) {
        pen = "M";
        continue;
      }
      path += `${pen}${short(xAxis.place(point.x))} ${short(yAxis.place(point.y))}`;
      pen = "L";
    }
    content.push(
      `<path class="curve" d="${path}" stroke="${colour}"${curve.faint ? ' style="stroke-width:1;opacity:.35"' : ""}/>`,
    );
    if (curve.dots)
      for (const point of curve.points.filter(isShown))
        content.push(
          `<circle cx="${short(xAxis.place(point.x))}" cy="${short(yAxis.place(point.y))}" r="3" fill="${colour}"/>`,
        );
  }
  let x = margins.left;
  for (const { label, colour, faint } of curves) {
    if (label === "") continue;
    content.push(
      `<path class="curve" d="M${short(x)} 30h16" stroke="${cssColour(colour)}"${faint ? ' style="opacity:.45"' : ""}/>`,
      text(x + 22, 34, label),
    );
    x += 40 + label.length * 7;
  }
  return chart(frame, content, { standalone });
}

function extent(values: readonly number[], whenEmpty: readonly [number, number]): readonly [number, number] {
  if (values.length === 0) return whenEmpty;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? [low - Math.abs(low) / 2 - 1e-9, high + Math.abs(high) / 2 + 1e-9] : [low, high];
}
