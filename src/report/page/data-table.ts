import { classColour, cssColour } from "../chart/palette.js";
import { html, type Markup } from "./markup.js";

/** The content of a cell, with notes below it in small print. */
export interface DataCell {
  readonly text: string;
  readonly strong?: boolean;
  /** Precedes the text and is never strong. */
  readonly before?: string;
  readonly note?: string;
  /** A second note, in the page's accent colour: a figure from elsewhere. */
  readonly stated?: string;
}

/** A table of numbers whose first column names its rows, for a page or Markdown. */
export interface DataTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | DataCell)[])[];
}

/** A small square in the colour of the class with this index. */
export function colourChip(index: number): Markup {
  return html`<span class="chip" style="display:inline-block;--class:${cssColour(classColour(index))}"></span>`;
}

/** A table without a panel; columns from the first of `numbers` up to before its second are of numbers, on the right. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
  [from, to = head.length]: readonly [from: number, to?: number],
): Markup {
  const kind = (index: number) => index >= from && index < to && "number";
  return html`<div class="scroll"><table><tr>${head.map((title, index) => html`<th class="${kind(index)}">${title}</th>`)}</tr>
${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td class="${kind(index)}">${cell}</td>`)}</tr>`)}</table></div>`;
}

/** Keeps names in sight while the figures scroll. */
const PINNED = "position:sticky;left:0;background:var(--card)";

/** The table in a panel of its own, which scrolls sideways on narrow pages. */
export function htmlTable({ head, rows }: DataTable): Markup {
  const heading = (cell: string, index: number) =>
    html`<th class="${index > 0 && "number"}" style="white-space:normal;min-width:4.2em;${index === 0 && PINNED}">${cell}</th>`;
  const cell = (entry: string | DataCell, index: number) =>
    index === 0
      ? html`<th style="${PINNED}">${htmlCell(entry)}</th>`
      : html`<td class="number">${htmlCell(entry)}</td>`;
  return html`<div class="panel wide" style="margin:14px 0"><div class="scroll"><table style="font-size:13px"><tr>${head.map(heading)}</tr>${rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>`,
  )}</table></div></div>`;
}

function htmlCell(entry: string | DataCell): Markup {
  if (typeof entry === "string") return html`${entry}`;
  const { text, strong, before, note, stated } = entry;
  return html`${before}${strong ? html`<b>${text}</b>` : text}${
    note !== undefined &&
    html`<br><span class="quiet" style="font-weight:400;font-size:11px;white-space:nowrap">${note}</span>`
  }${stated !== undefined && html`<br><span style="color:var(--accent);font-size:11px;white-space:nowrap">${stated}</span>`}`;
}

/** The table in the Markdown of GitHub; notes stand below the figures there too. */
export function markdownTable({ head, rows }: DataTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head.map(escapeMarkdown)),
    line(head.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map((row) => line(row.map(markdownCell))),
  ].join("\n");
}

function markdownCell(entry: string | DataCell): string {
  if (typeof entry === "string") return escapeMarkdown(entry);
  const { text, strong, before = "", note, stated } = entry;
  const value = `${escapeMarkdown(before)}${strong ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text)}`;
  return [value, ...[note, stated].flatMap((line) => (line === undefined ? [] : [escapeMarkdown(line)]))].join("<br>");
}

/** Escapes the characters that Markdown or HTML gives a meaning. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\|*_`[\]]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
