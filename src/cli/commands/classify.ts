import type { ClassifyResult } from "../../jobs/classify/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { commandText } from "../command-text.js";
import { choiceOption, integerOption, voxelSizeOption } from "../option-values.js";
import { counted, shortened } from "../printable.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";
import { withSynonym } from "../synonym.js";

interface ClassifyFlags extends CommonOptions {
  readonly support: string;
  readonly particles: string;
  readonly output: string;
  readonly model?: string;
  readonly voxelSize?: number;
  readonly invert?: true;
  readonly tomogram?: string;
  readonly averageTurns?: true;
  readonly crf: "off" | "fitted" | "paper";
  readonly adapt: boolean;
  readonly threads?: number;
  readonly overwrite?: true;
}

export const classifyCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("classify")
    .description("Identify and outline particles from one or more examples of each class.")
    .requiredOption(
      "--support <list>",
      "list of the examples, with classes: STAR with _rlnImageName, or coordinates of any format",
    )
    .requiredOption("--particles <list>", "list of the particles, the same")
    .option("--output <folder>", "classified.star, masks/ and report.html go here", "classified")
    .option("--model <file>", "model to use instead of the one that ships with cosnet")
    .option("--voxel-size <angstrom>", "voxel size to believe instead of the files'", voxelSizeOption)
    .option("--invert", "protein is dark in the files")
    .option("--tomogram <file>", "tomogram to cut the particles from, where the lists name none")
    .option("--average-turns", "average over the half turns that keep the missing wedge: four times the cost")
    .option(
      "--crf <kind>",
      "refinement of outlines: fitted (mean of four half turns, then a random field), paper or off",
      choiceOption("off", "fitted", "paper"),
      "fitted",
    )
    .option(
      "--no-adapt",
      "show the network boxes as they are: neither turned to its tilt geometry nor freed of excess noise",
    )
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }))
    .option("--overwrite", "replace an earlier result in the same folder");
  withSynonym(command, "--support <list>", "--supports <list>");
  withCommonOptions(command, [
    ["cosnet classify --support support.star --particles particles.star", "everything, in classified/"],
    [
      "cosnet classify --support cosnet-demo/support.star --particles cosnet-demo/particles.star",
      "on what the demo wrote",
    ],
    [
      "cosnet classify --support s.star --particles p.star --tomogram tomogram.mrc --invert",
      "cut from a dark-protein tomogram",
    ],
  ]).action((flags: ClassifyFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { classify } = await import("../../jobs/classify/index.js");
      const result = await classify({
        supportPath: flags.support,
        particlesPath: flags.particles,
        outputFolder: flags.output,
        modelPath: flags.model,
        voxelSizeAngstrom: flags.voxelSize,
        inverted: flags.invert === true,
        tomogramPath: flags.tomogram,
        crf: flags.crf,
        adapt: flags.adapt,
        averageTurns: flags.averageTurns === true,
        threads: flags.threads,
        overwrite: flags.overwrite === true,
        seed: flags.seed,
        command: commandText("classify", [], flags),
        ...progress,
      });
      const names = result.classes.map(({ name }) => shortened(name.replace(/\s+/g, " "), 60));
      const width = Math.max(...names.map((name) => name.length));
      const text = [
        `${counted(result.particles, "particle")} in ${result.classes.length} classes:`,
        ...result.classes.map(({ particles }, i) => `  ${names[i]!.padEnd(width)}  ${particles}`),
        `Median margin ${result.medianMargin.toFixed(2)} (0 is a tie, 1 is certain); ${result.contrast}.`,
        ...agreementLine(result.exampleAgreement),
        `List: ${result.starPath}\nReport: ${result.reportPath} (open it in a browser)`,
      ].join("\n");
      return { text, summary: { command: "classify", ...result } };
    }),
  );
};

/** A check on the examples themselves, where a class has more than one. */
function agreementLine(agreement: ClassifyResult["exampleAgreement"]): string[] {
  if (!agreement) return [];
  const { recognised, of, doubtful } = agreement;
  const rows = doubtful.slice(0, 10).map((row) => row + 1);
  const more = doubtful.length > rows.length ? " and more" : "";
  const which = doubtful.length > 0 ? `; look at ${rows.join(", ")}${more} in their list` : "";
  return [`Examples that the others would give their own class: ${recognised} of ${of}${which}.`];
}
