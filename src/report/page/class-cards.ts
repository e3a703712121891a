import { classColour, cssColour } from "../chart/palette.js";
import { sliceViews, surfaceView } from "./box-view.js";
import type { ReportClass } from "./data.js";
import { html, type Markup } from "./markup.js";

/** A card for each class: its true shape where that is known, slices of its first three examples, and `notes[i]` below. */
export function classCards(classes: readonly ReportClass[], notes: readonly string[]): Markup {
  return html`<div class="cards">${classes.map((entry, index) => {
    const colour = classColour(index);
    const { shape } = entry;
    const surface =
      shape &&
      surfaceView(shape.volume, shape.level, colour, { size: 180, alternative: `true shape of ${entry.name}` });
    return html`<div class="card" style="--class:${cssColour(colour)}">
<header><span class="chip"></span><h3>${entry.name}</h3><span class="quiet">${entry.description}</span></header>
${surface && html`<div style="max-width:180px;margin:0 auto 10px">${surface}</div>`}
${entry.examples.slice(0, 3).map((example) => html`<div class="slices three">${sliceViews(example, colour)}</div>`)}
<p class="caption">${notes[index]}</p></div>`;
  })}</div>`;
}
