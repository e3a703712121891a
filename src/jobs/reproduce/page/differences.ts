import { SNR_DEFINITION } from "../../../evaluate/index.js";
import { columnOf } from "../lookups.js";
import { FULL_FORM } from "../paper.js";
import type { ReproductionReportData } from "./data.js";

/** Differences of the experiment from the paper, and why. `ways`: those that the paper's full network was trained for. */
export function differencesFromPaper(
  { trainingComplexes, testComplexes, paperSize, tables }: ReproductionReportData,
  ways: readonly number[],
): (readonly [string, string])[] {
  const given =
    trainingComplexes.length > 0
      ? `${trainingComplexes.length} to train on, named at the end`
      : "procedural complexes to train on";
  const rate = columnOf(tables, FULL_FORM)?.training?.peakLearningRate;
  const more = ways.filter((way) => way > 2);
  return [
    [
      "Complexes",
      `${given}, and ${testComplexes.length} to test on; the paper has 14 and 8 from the Protein Data Bank, three of which its text names.`,
    ],
    [
      "Subtomograms",
      "Rendered one by one with neighbours, missing wedge (±60°), contrast transfer, detector and noise, rather than cut from packed tomograms; new ones at every training step instead of a fixed set of 5,835.",
    ],
    [
      "Noise levels",
      "One training serves all: each batch mixes clean and noisy particles. The paper trains a network for each.",
    ],
    [
      "Ways",
      `The paper's four columns are trained on 2-way episodes and tested with 2, 4 and 6 ways. ${
        more.length > 0
          ? `Its full network was also trained for ${listText(more.map(String))} ways, as in the paper; the three other forms were not.`
          : "The paper trains a network for each number of ways; this run did not."
      }`,
    ],
    [
      "Learning rate",
      `${rate?.toExponential(0) ?? "–"} at its peak, decaying to a fiftieth, for the paper's network: ${paperSize.learningRate.toExponential(0)}, as in its authors' code, would need many more steps. It was chosen by the loss on the training complexes. Ours keeps the default of its preset.`,
    ],
    [
      "Conditional random field",
      "With parameters fitted on masks of cosnet's own model, for all networks alike. They were chosen never to reduce Dice, and change almost nothing.",
    ],
    ["SNR", `${SNR_DEFINITION.charAt(0).toUpperCase()}${SNR_DEFINITION.slice(1)}. The paper does not define its own.`],
  ];
}

/** "2", "2 and 4", "2, 4 and 6". */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
