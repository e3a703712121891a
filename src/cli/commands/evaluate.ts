import type { CommandDeclaration } from "../command-declaration.js";
import { commandText } from "../command-text.js";
import { numberOption, voxelSizeOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface EvaluateFlags extends CommonOptions {
  readonly output?: string;
  readonly tomogram?: string[];
  readonly occupancy?: string[];
  readonly distance?: number;
  readonly diameter?: number;
  readonly voxelSize?: number;
  readonly tomograms?: string;
  readonly scoreColumn?: string;
  readonly ignore?: string[];
  readonly invert?: true;
}

const lengthOption = numberOption({ minimum: 0.1, maximum: 100_000 });

export const evaluateCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("evaluate")
    .description("Score picked particles against the truth: precision, recall, F1, average precision, by class.")
    .argument("<picks>", "particle list to score")
    .argument("<truth...>", "particle list of what is really there; several where each tomogram has its own")
    .option("--output <folder>", "report.html and evaluation.json go here")
    .option("--tomogram <files...>", "the tomograms, to put a sphere template's score beside every figure")
    .option("--occupancy <files...>", "label volumes: the particles' sizes, and the SHREC 2021 contest's scorer")
    .option("--distance <angstrom>", "largest distance of a pick from its particle", lengthOption)
    .option("--diameter <angstrom>", "the particles' diameter; half of it is the distance", lengthOption)
    .option("--voxel-size <angstrom>", "what coordinates in voxels count in, and the volumes' voxels", voxelSizeOption)
    .option("--tomograms <star>", "RELION's tomograms.star, for lists that count from the tomogram's centre")
    .option("--score-column <name>", "column of the picks that holds the score")
    .option("--ignore <classes...>", "true classes that need not be found, and are no mistake when found")
    .option("--invert", "protein is dark in the tomograms (default: found out from the truth)");
  withCommonOptions(command, [
    ["cosnet evaluate picks.star simulated/particles.star", "against the truth of cosnet simulate tomogram"],
    [
      "cosnet evaluate picks.star simulated/particles.star --tomogram simulated/snr-0.5/tomogram.mrc --output scored",
      "with the sphere baseline, and a report",
    ],
    ["cosnet evaluate picks.csv truth.csv --distance 60 --json", "within 60 Å, for a script"],
  ]).action((picks: string, truth: string[], flags: EvaluateFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { evaluatePicks } = await import("../../jobs/evaluate/index.js");
      const result = await evaluatePicks({
        picksPath: picks,
        truthPaths: truth,
        outputFolder: flags.output,
        tomogramPaths: flags.tomogram,
        occupancyPaths: flags.occupancy,
        distanceAngstrom: flags.distance,
        diameterAngstrom: flags.diameter,
        voxelSizeAngstrom: flags.voxelSize,
        tomogramsPath: flags.tomograms,
        scoreColumn: flags.scoreColumn,
        ignoredClasses: flags.ignore,
        inverted: flags.invert,
        seed: flags.seed,
        command: commandText("evaluate", [picks, ...truth], flags),
        ...progress,
      });
      const { text, ...rest } = result;
      const report = result.reportPath ? `\nReport: ${result.reportPath} (open it in a browser)` : "";
      return { text: `${text}${report}`, summary: { command: "evaluate", ...rest } };
    }),
  );
};
