import { countText } from "../../count-text.js";
import type { ClassifyResult } from "../../jobs/classify/index.js";
import { declareCommand } from "../command-declaration.js";
import { option, required } from "../option.js";
import { paddedNames } from "../printable.js";
import {
  adapt,
  commonMasks,
  commonMasksLine,
  crf,
  device,
  invert,
  invertExamples,
  jobOptions,
  model,
  orientations,
  overwrite,
  precision,
  proportions,
  testTimeAveraging,
  threads,
  tomogram,
  voxelSize,
} from "../shared-options.js";

export const classifyCommand = declareCommand({
  name: "classify",
  description: "Identify and segment particles from one or more examples of each class.",
  options: {
    examples: required(
      option(
        "<examples...>",
        "lists of examples (images or positions, with classes), or CLASS=FILE with a list, box, structure or map of one class",
      ),
    ),
    particles: required(option("<list>", "list of the particles: STAR with _rlnImageName, or positions in any format")),
    output: option("<folder>", "classified.star, masks/ and report.html go here", String, "classified"),
    model,
    voxelSize,
    invert,
    invertExamples,
    tomogram,
    testTimeAveraging,
    crf,
    commonMasks,
    adapt,
    orientations,
    proportions,
    precision,
    threads,
    device,
    overwrite,
  },
  examples: [
    ["cosnet classify --examples examples.star --particles particles.star", "everything, in classified/"],
    [
      "cosnet classify --examples cosnet-demo/examples.star --particles cosnet-demo/particles.star",
      "on what the demo wrote",
    ],
    [
      "cosnet classify --examples ribosome=70S.mrc proteasome=clicks.star --particles p.star",
      "one file for each class",
    ],
    [
      "cosnet classify --examples e.star --particles p.star --tomogram tomogram.mrc --invert",
      "cut from a dark-protein tomogram",
    ],
  ],
  async run(flags, progress, { command }) {
    const { classify } = await import("../../jobs/classify/index.js");
    const result = await classify({
      ...jobOptions(flags),
      examples: flags.examples,
      particlesPath: flags.particles,
      tomogramPath: flags.tomogram,
      command,
      ...progress,
    });
    const names = paddedNames(result.classes);
    const text = [
      `${countText(result.particles, "particle")} in ${countText(result.classes.length, "class", "classes")}:`,
      ...result.classes.map(({ particles }, i) => `  ${names[i]}  ${particles}`),
      `Median margin ${result.medianMargin.toFixed(2)} (0 is a tie, 1 is certain).`,
      `Contrast: ${result.contrast}.`,
      ...(result.voxelSize === undefined ? [] : [`Voxel size of the tomogram: ${result.voxelSize}.`]),
      ...commonMasksLine(result),
      ...agreementLine(result.exampleAgreement),
      `List: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`,
    ].join("\n");
    return { text, summary: { command: "classify", ...result } };
  },
});

/** A check on the examples themselves, where a class has more than one. */
function agreementLine(agreement: ClassifyResult["exampleAgreement"]): string[] {
  if (!agreement) return [];
  const { recognised, of, doubtful } = agreement;
  const rows = doubtful.slice(0, 10).map((row) => row + 1);
  const more = doubtful.length > rows.length ? " and more" : "";
  const which = doubtful.length > 0 ? `; look at ${rows.join(", ")}${more} in their list` : "";
  return [`Examples that the other examples assign to their own class: ${recognised} of ${of}${which}.`];
}
