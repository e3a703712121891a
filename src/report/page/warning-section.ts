import { html, type Markup } from "./markup.js";
import { section } from "./page.js";

/** What the run warned of, at the top of the page; nothing where there was no warning. */
export function warningSection(warnings: readonly string[]): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return section(
    "Warnings",
    "Look at these before the numbers: a result may depend on them.",
    html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`,
  );
}
