import { classColour, cssColour } from "../chart/palette.js";
import type { RunInformation } from "../page/data.js";
import { html, type Markup } from "../page/markup.js";
import { countText, percentText } from "../page/number-text.js";
import { headline, page, panel, runFacts, section } from "../page/page.js";
import { type Picture, pngDataUri } from "../picture/png.js";
import { contrastRange, type Plane, slicePicture } from "../picture/slice.js";
import { powerSpectrum, powerSpectrumPicture } from "./spectrum-picture.js";

/** What the page shows of one simulated tomogram. Planes and pictures only: the volumes themselves need not be in memory. */
export interface TomogramReportData {
  readonly shape: readonly [nz: number, ny: number, nx: number];
  readonly voxelSizeAngstrom: number;
  readonly classes: readonly { readonly name: string; readonly placed: number; readonly requested: number }[];
  /** Share of the volume that is inside a particle, 0 to 1. */
  readonly occupancy: number;
  /** Why fewer were placed than asked for. */
  readonly packingNote?: string | undefined;
  /** See `packingPicture`. */
  readonly packing?: Picture | undefined;
  /** Each tomogram's central slices; Infinity is the one without noise. */
  readonly tomograms: readonly { readonly snr: number; readonly xy: Plane; readonly xz: Plane }[];
  /** Class numbers in the same central xy plane. */
  readonly labels?: Plane | undefined;
  readonly tilts: readonly { readonly tiltDegrees: number; readonly image: Plane; readonly noiseFree: Plane }[];
  /** Of the image nearest to zero tilt: frequencies (cycles per pixel) where theory puts the zeros of the contrast transfer. */
  readonly transfer: { readonly defocusMicrometre: number; readonly zeros: readonly number[] };
  readonly run: Omit<RunInformation, "model">;
}

/** The page of a simulated tomogram: what is in it, how it was imaged, what came out, and how to repeat it. */
export function tomogramReport(data: TomogramReportData): string {
  const { shape, voxelSizeAngstrom, classes, occupancy, tomograms, tilts } = data;
  const placed = classes.reduce((sum, entry) => sum + entry.placed, 0);
  const requested = classes.reduce((sum, entry) => sum + entry.requested, 0);
  const [nz, ny, nx] = shape;
  const flat = [...tilts].sort((a, b) => Math.abs(a.tiltDegrees) - Math.abs(b.tiltDegrees))[0];
  const noiseLevels = tomograms.filter(({ snr }) => Number.isFinite(snr)).length;
  return page({
    title: "cosnet: a simulated tomogram",
    kind: "simulated tomogram",
    body: [
      headline({
        title: `${countText(placed, "particle")} of ${countText(classes.length, "class", "classes")} in one tomogram`,
        lead: `${nx} × ${ny} × ${nz} voxels of ${voxelSizeAngstrom} Å. Everything in it is known: the class, place and orientation of each particle, and which voxels it fills.`,
        figures: [
          {
            number: countText(placed, "particle").split(" ")[0],
            label: "particles placed",
            detail: placed < requested ? `of ${requested.toLocaleString("en-US")} asked for` : "as many as asked for",
          },
          {
            number: percentText(occupancy, 1),
            label: "of the volume is filled",
            detail: "by the particles' real shapes",
          },
          {
            number: String(noiseLevels),
            label: noiseLevels === 1 ? "noise level" : "noise levels",
            detail: "of the same particles and the same noise-free images",
          },
        ],
      }),
      section(
        "What is in it",
        data.packingNote ?? "Every class in its own colour, seen from above and in front.",
        data.packing
          ? html`<div class="panel wide">${image(data.packing, "3-D view of the packed particles")}</div>`
          : html``,
        classTable(classes),
      ),
      section(
        "The reconstructions",
        "Central slices, across the beam (xy) and along it (xz). Protein is bright. The blur along the beam is the missing wedge.",
        html`<div class="panels">${tomograms.map(tomogramPanel)}${data.labels ? labelPanel(data.labels) : html``}</div>`,
      ),
      section(
        "The images",
        "Some of the tilt series: without noise on top, as recorded below.",
        html`<div class="panels">${tilts.map(tiltPanel)}</div>`,
      ),
      flat ? spectrumSection(flat, data.transfer) : html``,
      section(
        "How to repeat this",
        "The same command, seed and version give the same bytes.",
        runFacts({ ...data.run, model: "none: nothing was trained or applied" }),
      ),
    ],
  });
}

function image(picture: Picture, alternative: string): Markup {
  return html`<img src="${pngDataUri(picture)}" alt="${alternative}" style="width:100%;height:auto;display:block;border-radius:6px">`;
}

/** A grey picture of a plane, larger pixels for small planes. */
function greyImage(plane: Plane, alternative: string): Markup {
  const scale = Math.max(1, Math.min(4, Math.floor(600 / plane.width)));
  return image(slicePicture(plane, contrastRange(plane.data), { scale }), alternative);
}

function snrText(snr: number): string {
  return Number.isFinite(snr) ? `Signal-to-noise ratio ${snr}` : "Without noise";
}

function tomogramPanel({ snr, xy, xz }: TomogramReportData["tomograms"][number]): Markup {
  const name = snrText(snr);
  return panel(
    name,
    "xy above, xz below.",
    html`${greyImage(xy, `${name}, xy slice`)}<div style="height:6px"></div>${greyImage(xz, `${name}, xz slice`)}`,
  );
}

function labelPanel(labels: Plane): Markup {
  const pixels = new Uint8Array(4 * labels.width * labels.height);
  for (let i = 0; i < labels.data.length; i++) {
    const label = labels.data[i];
    const [red, green, blue] = label > 0 ? classColour(label - 1) : [17, 20, 26];
    pixels.set([red, green, blue, 255], 4 * i);
  }
  const picture: Picture = { width: labels.width, height: labels.height, channels: 4, pixels };
  return panel("The truth", "Classes in the same xy slice.", image(picture, "class labels, xy slice"));
}

function tiltPanel({ tiltDegrees, image, noiseFree }: TomogramReportData["tilts"][number]): Markup {
  const name = `${tiltDegrees.toFixed(0).replace("-", "\u2212")}°`;
  return panel(
    `Tilt ${name}`,
    "Pixels as large as voxels, turned so that protein is bright.",
    html`${greyImage(noiseFree, `noise-free image at ${name}`)}<div style="height:6px"></div>${greyImage(image, `recorded image at ${name}`)}`,
  );
}

function spectrumSection(
  { tiltDegrees, image: recorded, noiseFree }: TomogramReportData["tilts"][number],
  { defocusMicrometre, zeros }: TomogramReportData["transfer"],
): Markup {
  const spectrumPanel = (title: string, plane: Plane) =>
    panel(
      title,
      "Logarithm of the power, out to the Nyquist frequency at the edges; rings on the right are the zeros in theory.",
      image(powerSpectrumPicture(powerSpectrum(plane), { zeros }), `power spectrum, ${title}`),
    );
  return section(
    "What the microscope passes",
    `The power spectrum at a tilt of ${tiltDegrees.toFixed(0).replace("-", "\u2212")}° and ${defocusMicrometre.toFixed(2)} µm underfocus. Dark bands are frequencies that the lens does not show.`,
    html`<div class="panels">${spectrumPanel("Without noise", noiseFree)}${spectrumPanel("As recorded", recorded)}</div>`,
  );
}

function classTable(classes: TomogramReportData["classes"]): Markup {
  return html`<div class="scroll"><table><tr><th></th><th>Class</th><th class="number">Placed</th><th class="number">Asked for</th></tr>${classes.map(
    ({ name, placed, requested }, index) =>
      html`<tr><td><span class="chip" style="display:inline-block;--class:${cssColour(classColour(index))}"></span></td><td>${name}</td><td class="number">${placed.toLocaleString("en-US")}</td><td class="number">${requested.toLocaleString("en-US")}</td></tr>`,
  )}</table></div>`;
}
