import { classColour, cssColour } from "../chart/palette.js";
import { maskSurface, sliceViews } from "./box-view.js";
import type { ReportBox, ReportClass, ReportParticle } from "./data.js";
import { html, type Markup } from "./markup.js";
import { percentText, scoreText } from "./number-text.js";

/**
 * Particles by their true class, or by the class given without ground truth; a tile each: three slices, the mask in 3D, and the
 * class given. `notes[i]` is beside the name of class i.
 */
export function particleGallery(
  particles: readonly ReportParticle[],
  classes: readonly ReportClass[],
  notes: readonly string[],
): Markup {
  return html`${classes.map(({ name }, index) => {
    const members = particles.filter(({ trueClass, predictedClass }) => (trueClass ?? predictedClass) === index);
    const tiles = members.map((particle) => particleTile(particle, classes));
    return galleryGroup({ name, index, note: notes[index] }, tiles);
  })}`;
}

/** The tiles of one class under its name. */
export function galleryGroup(
  { name, index, note }: { readonly name: string; readonly index: number; readonly note: string },
  tiles: readonly Markup[],
): Markup {
  return html`<div class="gallery">
<header style="--class:${cssColour(classColour(index))}"><span class="chip"></span><h3>${name}</h3><span class="quiet">${note}</span></header>
<div class="tiles">${tiles}</div></div>`;
}

/** Slices and mask of one particle in the colour of its class, with the end of its name: folders are the same for all. */
export function galleryTile(
  { name, box, classIndex }: { readonly name: string; readonly box: ReportBox; readonly classIndex: number },
  scores: string,
  { tooltip = name, verdict, wrong = false }: { tooltip?: string; verdict?: string; wrong?: boolean } = {},
): Markup {
  const colour = classColour(classIndex);
  return html`<div class="tile${wrong && " wrong"}" style="--class:${cssColour(colour)}" title="${tooltip}">
<div class="four">${sliceViews(box, colour)}<span class="solid">${maskSurface(box, colour)}</span></div>
${verdict !== undefined && html`<div class="verdict"><span class="chip"></span><span>${verdict}</span></div>`}
<div class="scores">${scores}</div>
<div class="name">${name.split("/").at(-1) || name}</div></div>`;
}

function particleTile(
  { predictedClass, trueClass, probability, dice, margin, name, box }: ReportParticle,
  classes: readonly ReportClass[],
): Markup {
  const wrong = trueClass !== undefined && trueClass !== predictedClass;
  const predicted = classes[predictedClass].name;
  const overlap = dice === undefined ? "" : `, Dice ${scoreText(dice)}`;
  return galleryTile({ name, box, classIndex: predictedClass }, `${percentText(probability, 0)} probable${overlap}`, {
    tooltip: `${name}: ${predicted}, probability ${percentText(probability)}, margin ${scoreText(margin)}`,
    verdict: wrong ? `mistaken for ${predicted}` : predicted,
    wrong,
  });
}
