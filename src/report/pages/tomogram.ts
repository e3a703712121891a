import { countText } from "../../count-text.js";
import { classColour } from "../chart/palette.js";
import type { RunInformation } from "../page/data.js";
import { colourChip, plainTable } from "../page/data-table.js";
import { html, type Markup } from "../page/markup.js";
import { groupedText, minus, percentText } from "../page/number-text.js";
import { image, panel, panels, runPage, section } from "../page/page.js";
import { SECTION_COUNT, sliceImage, sliceTitle, sliceTreatment, type TomogramSlice } from "../page/tomogram-slice.js";
import type { Picture } from "../picture/png.js";
import type { Plane } from "../picture/slice.js";
import { powerSpectrum, powerSpectrumPicture } from "./spectrum-picture.js";

/** What the page shows of one simulated tomogram. Planes and pictures only: the volumes themselves need not be in memory. */
export interface TomogramReportData {
  readonly shape: readonly [nz: number, ny: number, nx: number];
  readonly voxelSizeAngstrom: number;
  readonly classes: readonly { readonly name: string; readonly placed: number; readonly requested: number }[];
  /** Fraction of the volume that is inside a particle, 0 to 1. */
  readonly occupancy: number;
  /** Why fewer were placed than requested. */
  readonly packingNote?: string | undefined;
  /** See `packingPicture`. */
  readonly packing?: Picture | undefined;
  /** Central slices of each tomogram; that without noise has an SNR of Infinity. */
  readonly tomograms: readonly { readonly snr: number; readonly xy: TomogramSlice; readonly xz: TomogramSlice }[];
  /** Class numbers in the same central xy slice. */
  readonly labels?: Plane | undefined;
  readonly tilts: readonly {
    readonly tiltDegrees: number;
    /** Image of the tilt series, the first is 1. */
    readonly number: number;
    readonly image: Plane;
    readonly noiseFree: Plane;
  }[];
  /** Of the image nearest to zero tilt; the theoretical zeros of the contrast transfer in cycles per pixel. */
  readonly transfer: { readonly defocusMicrometre: number; readonly zeros: readonly number[] };
  readonly run: Omit<RunInformation, "model">;
}

/** The page of a simulated tomogram: what is in it, how it was imaged, how it was reconstructed, and how to repeat it. */
export function tomogramReport(data: TomogramReportData): string {
  const { shape, voxelSizeAngstrom, classes, occupancy, tomograms, tilts, packing, labels } = data;
  const placed = classes.reduce((sum, entry) => sum + entry.placed, 0);
  const requested = classes.reduce((sum, entry) => sum + entry.requested, 0);
  const [nz, ny, nx] = shape;
  const flat = [...tilts].sort((a, b) => Math.abs(a.tiltDegrees) - Math.abs(b.tiltDegrees))[0];
  const noiseLevels = tomograms.filter(({ snr }) => Number.isFinite(snr)).length;
  return runPage({
    title: "a simulated tomogram",
    kind: "simulated tomogram",
    answer: {
      title: `${countText(placed, "particle")} of ${countText(classes.length, "class", "classes")} in one tomogram`,
      lead: `${nx} × ${ny} × ${nz} voxels of ${voxelSizeAngstrom} Å. Everything in it is known: the class, position and orientation of each particle, and which voxels it fills.`,
      figures: [
        [
          groupedText(placed),
          "particles placed",
          placed < requested ? `of ${groupedText(requested)} requested` : "as many as requested",
        ],
        [percentText(occupancy), "of the volume is filled", "by the particles' true shapes"],
        [
          String(noiseLevels),
          noiseLevels === 1 ? "noise level" : "noise levels",
          "of the same particles and the same noise-free images",
        ],
      ],
    },
    sections: [
      section(
        "What is in it",
        data.packingNote ?? "Every class in its own colour, seen from above and in front.",
        packing && html`<div class="panel wide">${image(packing, "3D view of the packed particles")}</div>`,
        classTable(classes),
      ),
      section(
        "Reconstructions",
        `Central slices, across the beam (xy) and along it (xz). Protein is bright. The blur along the beam is due to the missing wedge. ${SECTION_COUNT}`,
        panels(...tomograms.map(tomogramPanel), labels && labelPanel(labels, tomograms[0]?.xy)),
      ),
      section(
        "Images",
        "Some of the tilt series: above without noise, below as recorded.",
        panels(...tilts.map(tiltPanel(voxelSizeAngstrom))),
      ),
      flat && spectrumSection(flat, data.transfer),
    ],
    run: { ...data.run, model: "none: nothing was trained or applied" },
  });
}

function tomogramPanel({ snr, xy, xz }: TomogramReportData["tomograms"][number]): Markup {
  const name = Number.isFinite(snr) ? `Signal-to-noise ratio ${snr}` : "Without noise";
  return panel(
    name,
    `Above: ${lowered(sliceTitle(xy))}. Below: ${lowered(sliceTitle(xz))}. ${sliceTreatment(xy)}`,
    html`${sliceImage(xy, `${name}, xy slice`)}<div style="height:6px"></div>${sliceImage(xz, `${name}, xz slice`)}`,
  );
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function labelPanel(labels: Plane, slice: TomogramSlice | undefined): Markup {
  const pixels = new Uint8Array(4 * labels.width * labels.height);
  for (let i = 0; i < labels.data.length; i++) {
    const label = labels.data[i];
    const [red, green, blue] = label > 0 ? classColour(label - 1) : [17, 20, 26];
    pixels.set([red, green, blue, 255], 4 * i);
  }
  const picture: Picture = { width: labels.width, height: labels.height, channels: 4, pixels };
  return panel(
    "Ground truth",
    "Classes in the same xy slice.",
    slice ? sliceImage(slice, "class labels, xy slice", { picture }) : image(picture, "class labels, xy slice"),
  );
}

function tiltPanel(voxelSizeAngstrom: number) {
  return ({ tiltDegrees, number, image: recorded, noiseFree }: TomogramReportData["tilts"][number]): Markup => {
    const name = degrees(tiltDegrees);
    const framed = (plane: Plane) => ({ plane, pixelAngstrom: voxelSizeAngstrom, axes: ["x", "y"] });
    return panel(
      `Tilt ${name}`,
      `Image ${number} of the tilt series, counted from 1. Pixels of ${voxelSizeAngstrom} Å, not filtered; inverted so that protein is bright.`,
      html`${sliceImage(framed(noiseFree), `noise-free image at ${name}`)}<div style="height:6px"></div>${sliceImage(framed(recorded), `recorded image at ${name}`)}`,
    );
  };
}

function spectrumSection(
  { tiltDegrees, image: recorded, noiseFree }: TomogramReportData["tilts"][number],
  { defocusMicrometre, zeros }: TomogramReportData["transfer"],
): Markup {
  const spectrumPanel = (title: string, plane: Plane) =>
    panel(
      title,
      "Logarithm of the power, up to the Nyquist frequency at the edges; the rings on the right are the theoretical zeros.",
      image(powerSpectrumPicture(powerSpectrum(plane), { zeros }), `power spectrum, ${title}`),
    );
  return section(
    "Contrast transfer",
    `The power spectrum at a tilt of ${degrees(tiltDegrees)} and ${defocusMicrometre.toFixed(2)} µm underfocus. Dark bands are frequencies at which no contrast is transferred.`,
    panels(spectrumPanel("Without noise", noiseFree), spectrumPanel("As recorded", recorded)),
  );
}

function degrees(angle: number): string {
  return minus(`${angle.toFixed(0)}°`);
}

function classTable(classes: TomogramReportData["classes"]): Markup {
  return plainTable(
    ["", "Class", "Placed", "Requested"],
    classes.map(({ name, placed, requested }, index) => [
      colourChip(index),
      name,
      groupedText(placed),
      groupedText(requested),
    ]),
    [2],
  );
}
