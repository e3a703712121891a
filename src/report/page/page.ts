import { type Picture, pngDataUri } from "../picture/png.js";
import type { RunInformation } from "./data.js";
import { html, type Markup, trusted } from "./markup.js";
import { durationText } from "./number-text.js";
import { PAGE_STYLE } from "./style.js";

/** A complete HTML document that needs nothing else: style, pictures and charts are in it, and it runs no script. */
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
<footer>This file is self-contained: it loads nothing from the internet and can be shared, printed or archived.</footer>
</main>
</body>
</html>
`;
  return document.markup;
}

/** Three voxel planes with one particle outlined. */
const MARK = `<svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden="true"><path d="M11 1.5 20.5 6.500 11 11.500 1.500 6.500z" stroke="currentColor" stroke-width="1.600" stroke-linejoin="round"/><path d="m1.500 11 9.500 5 9.500-5M1.500 15.500l9.500 5 9.500-5" stroke="currentColor" stroke-width="1.600" stroke-linejoin="round" stroke-linecap="round" opacity=".55"/><circle cx="11" cy="6.500" r="1.900" fill="#e69f00"/></svg>`;

/** A number of the headline with its name and what it means. */
export type HeadlineFigure = readonly [number: string, label: string, detail: string];

/** The answer in one line, what led to it, and its most important numbers. */
export interface Headline {
  readonly title: string;
  readonly lead: string;
  readonly figures: readonly HeadlineFigure[];
}

export type Terms = readonly (readonly [term: string, meaning: string])[];

/** The page of a run: the answer first, then its sections, the files written, what the numbers mean and how to repeat it. */
export function runPage({
  title,
  kind,
  answer,
  sections,
  outputs = [],
  terms = [],
  run,
}: {
  readonly title: string;
  readonly kind: string;
  readonly answer: Headline;
  readonly sections: readonly (Markup | undefined)[];
  readonly outputs?: readonly (readonly [meaning: string, path: string])[];
  readonly terms?: Terms;
  readonly run: Parameters<typeof runFacts>[0];
}): string {
  const files = outputs.map(([meaning, path]) => [meaning, html`<code>${path}</code>`] as const);
  return page({
    title: `cosnet: ${title}`,
    kind,
    body: [
      headline(answer),
      html`${sections}`,
      outputs.length > 0 ? section("Files", "Written by this run.", factTable(files)) : html``,
      terms.length > 0 ? section("What the numbers mean", "", glossary(terms)) : html``,
      section("How to repeat this run", "The same command, seed and version give the same result.", runFacts(run)),
    ],
  });
}

export function headline({ title, lead, figures }: Headline): Markup {
  return html`<h1>${title}</h1>
<p class="lead">${lead}</p>
<div class="figures">${figures.map(
    ([number, label, detail]) =>
      html`<div><div class="number">${number}</div><div class="label">${label}</div><div class="detail">${detail}</div></div>`,
  )}</div>`;
}

export function section(title: string, introduction: string, ...content: readonly (Markup | undefined)[]): Markup {
  return html`<h2>${title}</h2>
<p class="quiet">${introduction}</p>
${content}`;
}

/** A card with a chart; `tall` takes two rows of the grid, `wide` all its columns. */
export function panel(title: string, explanation: string, content: Markup, size?: "tall" | "wide"): Markup {
  return html`<div class="panel ${size}"><h3>${title}</h3><p>${explanation}</p><div class="scroll">${content}</div></div>`;
}

/** Panels side by side where the page is wide enough. */
export function panels(...content: readonly (Markup | undefined)[]): Markup {
  return html`<div class="panels">${content}</div>`;
}

/** A picture as wide as its panel. */
export function image(picture: Picture, alternative: string): Markup {
  return html`<img src="${pngDataUri(picture)}" alt="${alternative}" style="width:100%;height:auto;display:block;border-radius:6px">`;
}

export function glossary(entries: Terms): Markup {
  return html`<dl>${entries.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>`;
}

/** Rows of a name and what it stands for. */
export function factTable(facts: readonly (readonly [label: string, value: string | Markup])[]): Markup {
  return html`<div class="scroll"><table class="facts">${facts.map(
    ([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`,
  )}</table></div>`;
}

/** Everything that is needed to repeat the run. */
export function runFacts(run: Omit<RunInformation, "model"> & Partial<RunInformation>): Markup {
  return factTable([
    ["Command", html`<code>${run.command}</code>`],
    ["Seed", String(run.seed)],
    ["cosnet version", run.version],
    ["Model", run.model ?? "none"],
    ["Time taken", durationText(run.durationSeconds)],
    ...(run.facts ?? []),
  ]);
}
