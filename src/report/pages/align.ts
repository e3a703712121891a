import { countText } from "../../count-text.js";
import type { Volume } from "../../volume/index.js";
import { histogramChart } from "../chart/histogram.js";
import { classColour } from "../chart/palette.js";
import { boxNote, sliceViews } from "../page/box-view.js";
import type { RunInformation } from "../page/data.js";
import { html } from "../page/markup.js";
import { groupedText, percentText, scoreText } from "../page/number-text.js";
import { panel, panels, runPage, section } from "../page/page.js";
import { warningSection } from "../page/warning-section.js";

export interface AlignReportData {
  /** Mean of the particles as their boxes are. */
  readonly before: Volume;
  /** Mean of the same particles turned back by their poses. */
  readonly after: Volume;
  readonly reference: Volume;
  /** How many particles the two are means of. */
  readonly pictured: number;
  /** Of every particle, 0 to 1. */
  readonly confidences: readonly number[];
  /** Particles that fit the reference better than its mirror image; undefined where that was not asked. */
  readonly hand: { readonly asGiven: number; readonly of: number } | undefined;
  /** The reference is one of the particles. */
  readonly isParticle: boolean;
  readonly warnings: readonly string[];
  readonly run: RunInformation;
}

/** A pose of less confidence may as well be another one. */
const CONFIDENT = 0.5;

/** The page of `cosnet align`: how sure the poses are, and what the particles' mean gains by them. */
export function alignReport(data: AlignReportData): string {
  const { before, after, reference, pictured, confidences, hand, isParticle, warnings, run } = data;
  const total = confidences.length;
  const confident = confidences.filter((value) => value >= CONFIDENT).length;
  const sorted = [...confidences].sort((a, b) => a - b);
  const views = (name: string, explanation: string, volume: Volume) =>
    panel(name, explanation, html`<div class="slices three">${sliceViews({ volume }, classColour(0))}</div>`);
  return runPage({
    title: `${countText(total, "aligned particle")}`,
    kind: "alignment",
    answer: {
      title: `${countText(confident, "particle")} of ${groupedText(total)} aligned with confidence`,
      lead: "Rotation and shift of each particle against the reference. A pose is right or it is lost: the confidence says how much likelier the pose is than the other maxima that were found.",
      figures: [
        [
          percentText(total > 0 ? confident / total : 0),
          "have a confidence of one half or more",
          "others are in align.json",
        ],
        [scoreText(sorted[Math.floor(total / 2)] ?? Number.NaN), "median confidence", "0 is a guess, 1 is certain"],
        ...(hand
          ? [[`${hand.asGiven} of ${hand.of}`, "fit the reference better than its mirror image", "the hand"] as const]
          : []),
      ],
    },
    sections: [
      warningSection(warnings),
      section(
        "Before and after",
        `Means of ${countText(pictured, "particle")}, each frequency over what was measured of it. ${boxNote(after)} A mean of noise looks like the reference, too: only what two independent halves have in common is shown by the data.`,
        panels(
          views("Before", "The boxes as they are.", before),
          views("After", "Turned back by the poses.", after),
          views("Reference", isParticle ? "One of the particles." : "On the particles' grid.", reference),
        ),
      ),
      section(
        "Confidence",
        "Of every particle.",
        histogramChart([{ label: "particles", values: confidences }], { axisTitle: "confidence", range: [0, 1] }),
      ),
    ],
    outputs: [
      ["the list with poses, for RELION 5", "particles.star"],
      ["every maximum that was found, and what was run", "align.json"],
    ],
    run,
  });
}
