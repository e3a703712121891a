import { countText } from "../../../count-text.js";
import { boxNote } from "../../page/box-view.js";
import { classCards } from "../../page/class-cards.js";
import { groupedText, percentText } from "../../page/number-text.js";
import { type Headline, runPage, section, type Terms } from "../../page/page.js";
import { particleGallery } from "../../page/particle-gallery.js";
import { warningSection } from "../../page/warning-section.js";
import { confidenceSection } from "./confidence.js";
import type { PickReportData } from "./data.js";
import { dependenceSection } from "./dependence.js";
import { rejectedSection } from "./rejected.js";
import { whereSection } from "./where.js";

/** The page of `cosnet pick`: what was found where, with what confidence, and what that depends on. There is no ground truth. */
export function pickReport(data: PickReportData): string {
  const { classes, scores, gallery, outputs, run } = data;
  const picked = scores.filter(({ accepted }) => accepted);
  const counts = classes.map((_, index) => picked.filter(({ classIndex }) => classIndex === index).length);
  return runPage({
    title: `${countText(picked.length, "particle")} picked`,
    kind: "particle picking",
    answer: answerOf(data),
    sections: [
      warningSection(data.warnings),
      section(
        "The classes and their examples",
        `The first examples of each class, with the mask that the network predicts for each. ${boxNote(classes[0]?.examples[0]?.volume)}`,
        classCards(
          classes,
          counts.map(
            (count, i) =>
              `${countText(count, "particle")} picked; ${countText(classes[i].examples.length, "example")} given.`,
          ),
        ),
      ),
      whereSection(data),
      scores.length > 0 ? confidenceSection(data, picked, counts) : undefined,
      rejectedSection(data),
      scores.length > 0 ? dependenceSection(data) : undefined,
      gallery.length > 0
        ? section(
            "Particles to inspect",
            `For each class the picks with the largest margins, then those with the smallest. ${boxNote(gallery[0]?.box.volume)}`,
            particleGallery(
              gallery,
              classes,
              counts.map((count) => countText(count, "particle")),
            ),
          )
        : undefined,
    ],
    outputs,
    terms: PICK_GLOSSARY,
    run,
  });
}

function answerOf({ classes, tomograms, scores, lessProbable: { reason, count: below } }: PickReportData): Headline {
  const picked = scores.filter(({ accepted }) => accepted);
  const others = picked.filter(({ isExample }) => !isExample);
  const expected = others.reduce((sum, { probability }) => sum + probability, 0);
  const share = percentText(scores.length > 0 ? picked.length / scores.length : 0, 0);
  const rest =
    below > 0
      ? `${groupedText(below)} of the others ${below === 1 ? "is" : "are"} of a class, but ${reason}`
      : "the others belong to none of the classes";
  return {
    title: `${countText(picked.length, "particle")} of ${countText(classes.length, "class", "classes")} in ${countText(tomograms.length, "tomogram")}`,
    lead: "Every position that looks like a particle was compared with the examples. There is no ground truth: look at the pictures before you trust the numbers.",
    figures: [
      [
        groupedText(scores.length),
        scores.length === 1 ? "candidate" : "candidates",
        "positions that look like a particle of some kind",
      ],
      [
        groupedText(picked.length),
        "picked",
        scores.length === 0
          ? "there is nothing to pick from"
          : picked.length === scores.length
            ? "all of the candidates"
            : `${share} of the candidates; ${rest}`,
      ],
      [
        others.length > 0 ? percentText(expected / others.length, 0) : "–",
        "expected to be right",
        `mean probability of the picks${others.length < picked.length ? ` but the ${picked.length - others.length} at examples` : ""}, calibrated on simulated particles`,
      ],
    ],
  };
}

const PICK_GLOSSARY: Terms = [
  ["Candidate", "A local maximum of the detector's score map: a likely centre of a particle of any kind."],
  [
    "Similarity",
    "Of the candidate's box to the examples of a class, as the network sees them: 1 is identical, 0 has nothing in common.",
  ],
  [
    "Probability",
    "That the candidate belongs to its class: the probability that it belongs to any of the classes (its similarity, compared with those of simulated particles of known and other complexes) times that of this class among them.",
  ],
  ["Margin", "Probability of the best class among the classes minus that of the second best: 0 is a tie."],
  [
    "Picked",
    "A candidate whose probability is at or above the cut-off that was asked for; where none was, one that is more likely to belong to one of the classes than to none.",
  ],
];
