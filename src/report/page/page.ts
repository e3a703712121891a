import type { RunInformation } from "./data.js";
import { html, type Markup, trusted } from "./markup.js";
import { durationText } from "./number-text.js";
import { PAGE_STYLE } from "./style.js";

/** A complete HTML document that needs nothing else: style, pictures and charts are inside, and it runs no script. */
export function page({ title, kind, body }: { title: string; kind: string; body: readonly Markup[] }): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<main>
<div class="brand">${trusted(MARK)}<span>cosnet</span><span>·</span><span>${kind}</span></div>
${body}
<footer>This file is complete in itself: it loads nothing from the internet and can be passed on, printed or archived.</footer>
</main>
</body>
</html>
`;
  return document.markup;
}

/** Three voxel planes with one particle outlined. */
const MARK = `<svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden="true"><path d="M11 1.5 20.5 6.500 11 11.500 1.500 6.500z" stroke="currentColor" stroke-width="1.600" stroke-linejoin="round"/><path d="m1.500 11 9.500 5 9.500-5M1.500 15.500l9.500 5 9.500-5" stroke="currentColor" stroke-width="1.600" stroke-linejoin="round" stroke-linecap="round" opacity=".55"/><circle cx="11" cy="6.500" r="1.900" fill="#e69f00"/></svg>`;

/** One headline number with its name and what it means. */
export interface HeadlineFigure {
  readonly number: string;
  readonly label: string;
  readonly detail: string;
}

export function headline({
  title,
  lead,
  figures,
}: {
  title: string;
  lead: string;
  figures: readonly HeadlineFigure[];
}): Markup {
  return html`<h1>${title}</h1>
<p class="lead">${lead}</p>
<div class="figures">${figures.map(
    ({ number, label, detail }) =>
      html`<div><div class="number">${number}</div><div class="label">${label}</div><div class="detail">${detail}</div></div>`,
  )}</div>`;
}

export function section(title: string, introduction: string, ...content: readonly Markup[]): Markup {
  return html`<h2>${title}</h2>
<p class="quiet">${introduction}</p>
${content}`;
}

/** A card with a chart; `tall` takes two rows of the grid, `wide` all its columns. */
export function panel(title: string, explanation: string, content: Markup, size?: "tall" | "wide"): Markup {
  return html`<div class="panel ${size}"><h3>${title}</h3><p>${explanation}</p><div class="scroll">${content}</div></div>`;
}

export function glossary(entries: readonly (readonly [term: string, meaning: string])[]): Markup {
  return html`<dl>${entries.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>`;
}

/** Everything that is needed to repeat the run. */
export function runFacts(run: RunInformation): Markup {
  const facts: readonly (readonly [string, string | Markup])[] = [
    ["Command", html`<code>${run.command}</code>`],
    ["Seed of all random choices", String(run.seed)],
    ["cosnet version", run.version],
    ["Model", run.model],
    ["Time taken", durationText(run.durationSeconds)],
    ...(run.facts ?? []),
  ];
  return html`<div class="scroll"><table class="facts">${facts.map(
    ([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`,
  )}</table></div>`;
}
