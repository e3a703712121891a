import { classColour, cssColour } from "../chart/palette.js";
import { maskSurface, sliceViews } from "./box-view.js";
import type { ReportClass, ReportParticle } from "./data.js";
import { html, type Markup } from "./markup.js";
import { countText, percentText, scoreText } from "./number-text.js";

/** Particles in groups, one tile each: three slices, the 3-D shape of the mask, and what it was identified as. */
export function particleGallery(
  groups: readonly {
    readonly title: string;
    readonly colourIndex: number;
    readonly note: string;
    readonly particles: readonly ReportParticle[];
  }[],
  classes: readonly ReportClass[],
): Markup {
  return html`${groups.map(
    ({ title, colourIndex, note, particles }) => html`<div class="gallery">
<header style="--class:${cssColour(classColour(colourIndex))}"><span class="chip"></span><h3>${title}</h3><span class="quiet">${note}</span></header>
<div class="tiles">${particles.map((particle) => tile(particle, classes))}</div></div>`,
  )}`;
}

function tile(particle: ReportParticle, classes: readonly ReportClass[]): Markup {
  const { predictedClass, trueClass, probability, dice, margin, name, box } = particle;
  const wrong = trueClass !== undefined && trueClass !== predictedClass;
  const colour = classColour(predictedClass);
  const predicted = classes[predictedClass].name;
  const verdict = wrong ? `taken for ${predicted}` : predicted;
  const overlap = dice === undefined ? "" : `, Dice ${scoreText(dice)}`;
  return html`<div class="tile${wrong ? " wrong" : ""}" style="--class:${cssColour(colour)}" title="${name}: ${predicted}, probability ${percentText(probability)}, margin ${scoreText(margin)}">
<div class="four">${sliceViews(box, colour)}<span class="solid">${maskSurface(box, colour)}</span></div>
<div class="verdict"><span class="chip"></span><span>${verdict}</span></div>
<div class="scores">${percentText(probability, 0)} sure${overlap}</div>
<div class="name">${fileOf(name)}</div></div>`;
}

/** The last part of a path: folders are the same for all, and the whole name is in the tile's title. */
function fileOf(name: string): string {
  return name.split("/").at(-1) || name;
}

/** "11 particles, 10 recognised". */
export function groupNote(particles: readonly ReportParticle[]): string {
  const known = particles.filter((particle) => particle.trueClass !== undefined);
  const count = countText(particles.length, "particle");
  if (known.length === 0) return count;
  const right = known.filter((particle) => particle.trueClass === particle.predictedClass).length;
  return right === known.length ? `${count}, all recognised` : `${count}, ${right} recognised`;
}
