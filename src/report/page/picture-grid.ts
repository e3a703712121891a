import { chart, fitLabel, text } from "../chart/chart-frame.js";
import type { Markup } from "./markup.js";

/** SVG content of one cell, drawn on a square of 100 by 100 units, and a word under it. */
export interface GridCell {
  readonly content: string;
  readonly note?: string;
}

export interface GridRow {
  readonly label: string;
  readonly cells: readonly (GridCell | undefined)[];
}

export interface PictureGrid {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly GridRow[];
  /** Edge of a cell in pixels. */
  readonly cell: number;
}

/** Pictures in rows and columns with labels at the left and on top, as one SVG; `standalone` when it is a file of its own. */
export function pictureGrid({ title, columns, rows, cell }: PictureGrid, { standalone = false } = {}): Markup {
  const left = 18 + Math.min(150, 8.5 * Math.max(...rows.map(({ label }) => label.length)));
  const top = 26;
  const gap = 6;
  const noteHeight = 15;
  const heightOf = ({ cells }: GridRow) => cell + gap + (cells.some((entry) => entry?.note) ? noteHeight : 0);
  const content = columns.map((column, index) =>
    text(left + index * (cell + gap) + cell / 2, 16, fitLabel(column, cell + 16), {
      anchor: "middle",
      className: "strong",
    }),
  );
  let y = top;
  for (const row of rows) {
    content.push(text(left - 10, y + cell / 2 + 4, row.label, { anchor: "end" }));
    row.cells.forEach((entry, index) => {
      if (!entry) return;
      const x = left + index * (cell + gap);
      content.push(`<g transform="translate(${x} ${y}) scale(${cell / 100})">${entry.content}</g>`);
      if (entry.note)
        content.push(text(x + cell / 2, y + cell + 12, entry.note, { anchor: "middle", className: "quiet" }));
    });
    y += heightOf(row);
  }
  return chart({ width: left + columns.length * (cell + gap), height: y, title }, content, { standalone });
}
