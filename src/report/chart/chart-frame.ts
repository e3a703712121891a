import { escapeText, type Markup, trusted } from "../page/markup.js";
import type { Axis } from "./axis.js";

/** Space inside the picture that is left for labels. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  /** What the chart shows, for screen readers. */
  readonly title: string;
}

/**
 * Colours of all charts, for light and dark grounds. In a page the custom properties come from the page's style; alone,
 * a chart brings them along.
 */
export const CHART_STYLE = `
.chart{font:12px/1.2 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;fill:var(--ink,#1c2430)}
.chart .axis{stroke:var(--line-strong,#8a94a3);stroke-width:1;fill:none}
.chart .grid{stroke:var(--line,#e1e5ea);stroke-width:1;fill:none}
.chart .quiet{fill:var(--ink-quiet,#5b6675)}
.chart .whisker{stroke:var(--ink,#1c2430);stroke-width:1.5;fill:none}
.chart .whisker-back{stroke:var(--card,#fff);stroke-opacity:.7;stroke-width:4;fill:none}
.chart .curve{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.chart .strong{font-weight:600}`;

const STANDALONE_STYLE = `${CHART_STYLE}
@media (prefers-color-scheme:dark){.chart{--ink:#e6eaf0;--ink-quiet:#a0abba;--line:#2b333f;--line-strong:#6b7686}}`;

/** Wraps chart content in an svg element; `standalone` charts are files of their own and bring their style. */
export function chart(
  { width, height, title }: ChartFrame,
  content: readonly string[],
  { standalone = false } = {},
): Markup {
  const style = standalone ? `<style>${STANDALONE_STYLE}</style>` : "";
  return trusted(
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}"><title>${escapeText(title)}</title>${style}${content.join("")}</svg>`,
  );
}

/** The lower axis with ticks, tick labels and the axis title; `grid` draws lines up into the plot. */
export function bottomAxis(
  axis: Axis,
  { width, height }: ChartFrame,
  m: Margins,
  { title = "", grid = false } = {},
): string {
  const y = height - m.bottom;
  const ticks = axis.ticks
    .map(
      ({ at, label }) =>
        (grid ? line("grid", at, m.top, at, y) : line("axis", at, y, at, y + 4)) +
        text(at, y + 17, label, { anchor: "middle", className: "quiet" }),
    )
    .join("");
  const heading = title ? text((m.left + width - m.right) / 2, height - 4, title, { anchor: "middle" }) : "";
  return ticks + line("axis", m.left, y, width - m.right, y) + heading;
}

/** The left axis with horizontal grid lines; its title stands above it, so that nobody has to turn the head. */
export function leftAxis(axis: Axis, { width }: ChartFrame, m: Margins, { title = "" } = {}): string {
  const ticks = axis.ticks
    .map(
      ({ at, label }) =>
        line("grid", m.left, at, width - m.right, at) +
        text(m.left - 8, at + 4, label, { anchor: "end", className: "quiet" }),
    )
    .join("");
  return ticks + (title ? text(1, 14, title) : "");
}

export function line(className: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="${className}" d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}"/>`;
}

export function text(
  x: number,
  y: number,
  content: string,
  { anchor = "start", className = "" }: { anchor?: "start" | "middle" | "end"; className?: string } = {},
): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}"${className ? ` class="${className}"` : ""}>${escapeText(content)}</text>`;
}

/** At most one decimal: a tenth of a pixel. */
export function short(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Cuts a label to about `width` pixels of 12-pixel text. */
export function fitLabel(label: string, width: number): string {
  const most = Math.max(3, Math.floor(width / 7));
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}
