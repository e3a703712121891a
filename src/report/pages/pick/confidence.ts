import { histogramChart } from "../../chart/histogram.js";
import { countBars } from "../../chart/interval-bars.js";
import { classColour } from "../../chart/palette.js";
import type { ReportClass } from "../../page/data.js";
import { plainTable } from "../../page/data-table.js";
import type { Markup } from "../../page/markup.js";
import { groupedText, percentText, scoreText } from "../../page/number-text.js";
import { panel, panels, section } from "../../page/page.js";
import type { PickReportData, PickScore } from "./data.js";
import { NOT_PICKED } from "./where.js";

/** How many of each class, how probable, and what other cut-offs would give. */
export function confidenceSection(
  data: PickReportData,
  picked: readonly PickScore[],
  counts: readonly number[],
): Markup {
  return section(
    "Counts and confidence",
    "The probability is that of belonging to this class, rather than to another one or to none.",
    panels(
      panel(
        "Picks by class",
        "Candidates that are not picked are not counted.",
        countBars("Picks by class", data.classes, counts),
      ),
      probabilityPanel(data.classes, picked),
      similarityPanel(data.scores),
      cutOffPanel(data),
    ),
  );
}

function probabilityPanel(classes: readonly ReportClass[], picked: readonly PickScore[]): Markup {
  return panel(
    "Probabilities of the picks",
    "A class whose picks gather on the right is well separated; one that is spread out is not.",
    histogramChart(
      classes.map(({ name }, index) => ({
        label: name,
        values: picked.filter(({ classIndex }) => classIndex === index).map(({ probability }) => probability),
      })),
      { axisTitle: "probability of the class", range: [0, 1] },
    ),
  );
}

function similarityPanel(scores: readonly PickScore[]): Markup {
  const values = (accepted: boolean) =>
    scores.filter((s) => s.accepted === accepted).map(({ similarity }) => similarity);
  const sorted = scores.map(({ similarity }) => similarity).sort((a, b) => a - b);
  const low = Math.floor(10 * (sorted[Math.floor(0.005 * sorted.length)] ?? 0)) / 10;
  const high = Math.max(low + 0.1, Math.ceil(10 * (sorted.at(-1) ?? 1)) / 10);
  return panel(
    "Similarity to the nearest class",
    "Two peaks mean that there are particles of the classes and of other kinds; where the peaks overlap, the answer is doubtful.",
    histogramChart(
      [
        { label: "picked", values: values(true), colour: classColour(0) },
        { label: "not picked", values: values(false), colour: NOT_PICKED },
      ],
      { axisTitle: "similarity", range: [low, high] },
    ),
  );
}

function cutOffPanel({ cutOffs }: PickReportData): Markup {
  return panel(
    "Where to set the cut-off",
    "For each cut-off of the probability: how many candidates remain, the fraction of them that is expected to be right, and the fraction of all findable particles that these are. Only as good as the probabilities.",
    plainTable(
      ["Cut-off", "Particles", "Expected precision", "Expected recall"],
      cutOffs.map(({ cutOff, kept, expectedPrecision, expectedRecall }) => [
        scoreText(cutOff),
        groupedText(kept),
        percentText(expectedPrecision, 0),
        percentText(expectedRecall, 0),
      ]),
      [0],
    ),
  );
}
