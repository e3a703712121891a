import { InvalidArgumentError } from "commander";
import { declareCommand } from "../command-declaration.js";
import { argument, eitherWay, option } from "../option.js";
import { numberOption, voxelSizeOption } from "../option-values.js";
import { jobOptions } from "../shared-options.js";

const lengthOption = numberOption(0.1, 100_000);

export const evaluateCommand = declareCommand({
  name: "evaluate",
  description: "Score picked particles against the ground truth: precision, recall, F1, average precision, by class.",
  options: {
    picks: argument("one", "particle list to score"),
    truth: argument("several", "particle list of the ground truth, or one for each tomogram or class"),
    output: option("<folder>", "report.html and evaluation.json go here"),
    tomogram: option("<files...>", "the tomograms, for the score of a sphere template beside every figure"),
    occupancy: option("<files...>", "label volumes, for the particles' sizes and the score of the SHREC 2021 contest"),
    distance: option(
      "<angstrom>",
      "largest distance of a pick from its particle (default: half the diameter)",
      lengthOption,
    ),
    diameter: option(
      "<angstrom>",
      "diameter of the particles of all classes (default: from the list or the labels)",
      lengthOption,
    ),
    voxelSize: option(
      "<angstrom>",
      "voxel size of coordinates in voxels, and of the volumes (default: as the lists say, else as the headers)",
      voxelSizeOption,
    ),
    tomograms: option("<star>", "RELION's tomograms.star, for lists with positions from the tomogram's centre"),
    scoreColumn: option("<name>", "column of the picks that holds the score"),
    sameClass: option("<pick=truth...>", "names of one class in picks and truth, where they differ", sameClassOption),
    ignore: option("<classes...>", "true classes that need not be found, and whose picks are not mistakes"),
    invert: eitherWay(
      "protein is dark (default: as the picks say, else as measured at the particles of the ground truth)",
      "protein is bright",
    ),
  },
  examples: [
    ["cosnet evaluate picks.star simulated/particles.star", "against the truth of cosnet simulate tomogram"],
    [
      "cosnet evaluate picks.star simulated/particles.star --tomogram simulated/snr-0.5/tomogram.mrc --output scored",
      "with the sphere baseline, and a report",
    ],
    ["cosnet evaluate picks.star truth.star --same-class proteasome=3J9I", "whose truth names a class otherwise"],
    ["cosnet evaluate picks.csv truth.csv --distance 60 --json", "within 60 Å, for a script"],
  ],
  async run(flags, progress, { command }) {
    const { evaluatePicks } = await import("../../jobs/evaluate/index.js");
    const { text, ...result } = await evaluatePicks({
      ...jobOptions(flags),
      picksPath: flags.picks,
      truthPaths: flags.truth,
      tomogramPaths: flags.tomogram,
      occupancyPaths: flags.occupancy,
      distanceAngstrom: flags.distance,
      diameterAngstrom: flags.diameter,
      tomogramsPath: flags.tomograms,
      scoreColumn: flags.scoreColumn,
      sameClasses: flags.sameClass,
      ignoredClasses: flags.ignore,
      command,
      ...progress,
    });
    const report = result.reportPath ? `\nReport: ${result.reportPath} (open it in a browser)` : "";
    return { text: `${text}${report}`, summary: { command: "evaluate", ...result } };
  },
});

/** "proteasome=3J9I" */
function sameClassOption(text: string): readonly [pickName: string, trueName: string] {
  const equals = text.indexOf("=");
  if (equals <= 0 || equals === text.length - 1)
    throw new InvalidArgumentError("Give the picks' name and the truth's, e.g. proteasome=3J9I.");
  return [text.slice(0, equals), text.slice(equals + 1)];
}
