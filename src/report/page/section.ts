import { type DataTable, escapeMarkdown, htmlTable, markdownTable } from "./data-table.js";
import { html, type Markup } from "./markup.js";
import { glossary, panel, section } from "./page.js";

/** A section of a report that is written both as a page and as Markdown. */
export interface ReportSection {
  readonly title: string;
  readonly introduction: string;
  readonly parts: readonly ReportPart[];
}

type ReportPart =
  | { readonly kind: "heading"; readonly title: string; readonly text: string }
  | { readonly kind: "table"; readonly table: DataTable }
  /** Inline in a page, a link to the file in Markdown. */
  | { readonly kind: "picture"; readonly title: string; readonly picture: Markup; readonly file: string }
  | { readonly kind: "terms"; readonly entries: readonly (readonly [term: string, meaning: string])[] };

export function htmlSection({ title, introduction, parts }: ReportSection): Markup {
  return section(title, introduction, ...parts.map(htmlPart));
}

function htmlPart(part: ReportPart): Markup {
  switch (part.kind) {
    case "heading":
      return html`<h3 style="margin-top:28px">${part.title}</h3>
<p class="quiet">${part.text}</p>`;
    case "table":
      return htmlTable(part.table);
    case "picture":
      return panel(part.title, "", html`<div style="min-width:680px">${part.picture}</div>`, "wide");
    case "terms":
      return glossary(part.entries);
  }
}

export function markdownSection({ title, introduction, parts }: ReportSection): string {
  return [`## ${escapeMarkdown(title)}`, escapeMarkdown(introduction), ...parts.map(markdownPart)]
    .filter((text) => text !== "")
    .join("\n\n");
}

function markdownPart(part: ReportPart): string {
  switch (part.kind) {
    case "heading":
      return [`### ${escapeMarkdown(part.title)}`, escapeMarkdown(part.text)]
        .filter((text) => text !== "")
        .join("\n\n");
    case "table":
      return markdownTable(part.table);
    case "picture":
      return `![${escapeMarkdown(part.title)}](${part.file})`;
    case "terms":
      return part.entries
        .map(([term, meaning]) => `- **${escapeMarkdown(term)}**: ${escapeMarkdown(meaning)}`)
        .join("\n");
  }
}
