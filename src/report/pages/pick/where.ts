import { countText } from "../../../count-text.js";
import { type Colour, classColour, cssColour, lighten } from "../../chart/palette.js";
import type { ReportClass } from "../../page/data.js";
import { html, type Markup } from "../../page/markup.js";
import { factTable, panel, panels, section } from "../../page/page.js";
import { SECTION_COUNT, sliceImage, sliceTitle, sliceTreatment } from "../../page/tomogram-slice.js";
import type { PickReportData, PickReportTomogram, PickSlice } from "./data.js";

/** More circles hide the slice and make the page slow. */
const MOST_CIRCLES = 2000;
/** What is not picked is drawn in this grey. */
export const NOT_PICKED: Colour = [150, 158, 170];
/** Lighter where it lies on a picture. */
const NOT_PICKED_CIRCLE = cssColour(lighten(NOT_PICKED, 0.5));

/** Slices of every tomogram with its candidates; none of a tomogram without candidates. */
export function whereSection({ classes, tomograms }: PickReportData): Markup {
  return section(
    "Where they are",
    `Slices across the beam, with a circle where a slice cuts the sphere of a candidate: in the colour of its class, or dashed and grey where it was not picked. ${SECTION_COUNT}`,
    legend(classes),
    html`${tomograms.map(tomogramViews)}`,
  );
}

/** Which colour is which class. */
export function legend(classes: readonly ReportClass[]): Markup {
  const entry = (name: string, colour: Colour) =>
    html`<span style="display:inline-flex;align-items:center;gap:6px;margin-right:18px;--class:${cssColour(colour)}"><span class="chip"></span>${name}</span>`;
  return html`<p style="max-width:none">${classes.map(({ name }, index) => entry(name, classColour(index)))}${entry("not picked", NOT_PICKED)}</p>`;
}

function tomogramViews({ name, facts, slices, withoutSlices }: PickReportTomogram): Markup {
  const views = slices.length > 0 ? panels(...slices.map(sliceView)) : html`<p>${withoutSlices}</p>`;
  return html`<h3 style="margin-top:26px;overflow-wrap:anywhere">${name}</h3>
${factTable(facts)}
${views}`;
}

function sliceView(slice: PickSlice): Markup {
  const { picks, others, drawn } = circlesIn(slice);
  const left =
    drawn.length < slice.circles.length
      ? ` ${countText(drawn.length, "circle is", "circles are")} drawn, picks before others.`
      : "";
  return panel(
    sliceTitle(slice),
    `${countText(picks.length, "pick")} and ${countText(others.length, "other candidate")} cut by this slice.${left} ${sliceTreatment(slice)}`,
    circledSlice(slice),
  );
}

function circlesIn({ circles }: PickSlice) {
  const picks = circles.filter(({ classIndex }) => classIndex !== undefined);
  const others = circles.filter(({ classIndex }) => classIndex === undefined);
  return { picks, others, drawn: [...picks, ...others].slice(0, MOST_CIRCLES).reverse() };
}

/** The slice with a circle around each candidate that it cuts. */
export function circledSlice(slice: PickSlice): Markup {
  return sliceImage(slice, "slice of the tomogram", { shapes: circlesIn(slice).drawn.map(circleOver(slice)).join("") });
}

/** A circle that is wide enough to be seen, whatever the size of the slice. */
function circleOver({ plane: { width } }: PickSlice) {
  return ({ x, y, radius, classIndex }: PickSlice["circles"][number]): string => {
    const colour = classIndex === undefined ? NOT_PICKED_CIRCLE : cssColour(classColour(classIndex));
    const stroke = (classIndex === undefined ? 0.0024 : 0.0034) * width;
    const dash = classIndex === undefined ? ` stroke-dasharray="${(0.012 * width).toFixed(2)}"` : "";
    const size = Math.max(radius, 0.004 * width);
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(1)}" stroke="${colour}" stroke-width="${stroke.toFixed(2)}"${dash}/>`;
  };
}
