import { html, type Markup } from "./markup.js";

/** What stands in a cell, with what belongs below it in small print. */
export interface DataCell {
  readonly text: string;
  readonly strong?: boolean;
  /** Stands before the text and is never strong. */
  readonly before?: string;
  readonly note?: string;
  /** A second note, in the page's accent colour: what somebody else states. */
  readonly stated?: string;
}

/** A table of numbers whose first column names its rows, for a page or a text. */
export interface DataTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | DataCell)[])[];
}

/** Names stay in sight while the figures scroll. */
const PINNED = "position:sticky;left:0;background:var(--card)";

/** The table in a panel of its own, which scrolls sideways where the page is narrower. */
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

/** Characters that would be taken for Markdown or HTML, disarmed. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\|*_`[\]]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}
