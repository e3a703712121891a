import type { Interval } from "../../evaluate/index.js";
import type { Markup } from "../page/markup.js";
import { percentText } from "../page/number-text.js";
import { linearAxis } from "./axis.js";
import { bottomAxis, chart, fitLabel, line, short, text } from "./chart-frame.js";
import { classColour, cssColour } from "./palette.js";

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly interval?: Interval | undefined;
  /** Written at the right end, e.g. "10 of 11". */
  readonly note: string;
}

interface IntervalBarsOptions {
  readonly title: string;
  /** Fractions without it. */
  readonly range?: readonly [low: number, high: number];
  /** Per cent without it. */
  readonly tickLabel?: (value: number) => string;
  /** A line across all bars with its meaning, e.g. the accuracy of guessing. */
  readonly reference?: { readonly value: number; readonly label: string };
}

/** Horizontal bars in the colours of the classes, one a row, with 95 % intervals as whiskers. NaN values have no bar. */
export function intervalBars(bars: readonly Bar[], options: IntervalBarsOptions): Markup {
  const { title, range = [0, 1], tickLabel = (value) => percentText(value, 0), reference } = options;
  const rowHeight = 30;
  const labelWidth = Math.min(150, 16 + Math.max(...bars.map((bar) => bar.label.length)) * 7.2);
  const noteWidth = 14 + Math.max(...bars.map((bar) => bar.note.length)) * 7;
  const margins = { top: reference ? 24 : 6, right: noteWidth, bottom: 24, left: labelWidth };
  const width = Math.round(labelWidth + 320 + noteWidth);
  const frame = { width, height: margins.top + bars.length * rowHeight + margins.bottom, title };
  const axis = linearAxis(range, [margins.left, width - margins.right], { tickCount: 4, label: tickLabel });
  const clamp = (value: number) => axis.place(Math.max(range[0], Math.min(range[1], value)));
  const content = [bottomAxis(axis, frame, margins, { grid: true })];
  bars.forEach((bar, index) => {
    const middle = margins.top + (index + 0.5) * rowHeight;
    content.push(text(margins.left - 10, middle + 4, fitLabel(bar.label, labelWidth), { anchor: "end" }));
    content.push(text(width - margins.right + 12, middle + 4, bar.note, { className: "quiet" }));
    if (!Number.isFinite(bar.value)) return;
    content.push(
      `<rect x="${margins.left}" y="${middle - 8}" width="${short(Math.max(0, clamp(bar.value) - margins.left))}" height="16" rx="2" fill="${cssColour(classColour(index))}"/>`,
    );
    if (!bar.interval || !Number.isFinite(bar.interval[0])) return;
    const [low, high] = [clamp(bar.interval[0]), clamp(bar.interval[1])];
    content.push(line("whisker-back", low, middle, high, middle), line("whisker", low, middle, high, middle));
    for (const end of [low, high]) content.push(line("whisker", end, middle - 4, end, middle + 4));
  });
  if (reference) {
    const x = clamp(reference.value);
    content.push(
      `<path class="axis" stroke-dasharray="3 3" d="M${short(x)} ${margins.top - 4}V${frame.height - margins.bottom}"/>`,
      text(x, margins.top - 9, reference.label, { anchor: "middle", className: "quiet" }),
    );
  }
  return chart(frame, content);
}

/** Bars of counts, of classes or clusters; at their right ends `notes`, or each count with its percentage of all. */
export function countBars(
  title: string,
  entries: readonly { readonly name: string }[],
  counts: readonly number[],
  notes?: readonly string[],
): Markup {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  return intervalBars(
    entries.map(({ name }, index) => {
      const value = counts[index];
      return { label: name, value, note: notes?.[index] ?? `${value} (${percentText(value / total, 0)})` };
    }),
    { title, range: [0, Math.max(1, ...counts)], tickLabel: (value) => String(Math.round(value)) },
  );
}
