import type { CommandDeclaration } from "../command-declaration.js";
import { commandText } from "../command-text.js";
import { integerOption, listOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";
import { withResumeHint } from "./train.js";

interface ReproduceFlags extends CommonOptions {
  readonly output: string;
  readonly structures?: string;
  readonly quick?: true;
  readonly channels?: number;
  readonly volumes?: number;
  readonly trainedWays?: number[];
  readonly episodes?: number;
  readonly particles?: number;
  readonly model?: string;
  readonly threads?: number;
}

export const reproduceCommand: CommandDeclaration = (program, terminal) => {
  const count = integerOption({ minimum: 1 });
  const command = program
    .command("reproduce")
    .description(
      "Build the paper's experiment: train its networks and ours, print Tables 1 to 3, draw Figures 3 and 4, write it all up. One to two hours on two idle cores and 250 MB of disk; run again, it continues where it was.",
    )
    .requiredOption("--output <folder>", "report, tables, figures, trainings; an earlier run in it is continued")
    .option("--structures <folder>", "structures and maps in its subfolders train/ and test/")
    .option("--quick", "check in a minute that every part works; without structures on made-up complexes")
    .option(
      "--channels <count>",
      "channels of the paper's network, which has 64 (default: 8)",
      integerOption({ minimum: 2, maximum: 64 }),
    )
    .option(
      "--volumes <count>",
      "volumes that the paper's network sees in each training; ours sees fewer (default: 7200)",
      count,
    )
    .option(
      "--trained-ways <list>",
      "ways of the episodes on which the paper's full network is trained (default: 2,4,6)",
      listOption(integerOption({ minimum: 2, maximum: 6 })),
    )
    .option("--episodes <count>", "episodes of each cell of Table 1 (default: 5000)", count)
    .option("--particles <count>", "test particles of each class (default: 100)", integerOption({ minimum: 2 }))
    .option("--model <file>", "model of the last column instead of the one that ships with cosnet")
    .option("--threads <count>", "threads of the networks", integerOption({ minimum: 1, maximum: 256 }));
  withCommonOptions(command, [
    ["cosnet reproduce --quick --output check", "a minute; the figures mean nothing"],
    ["cosnet reproduce --structures benchmark/ --output reproduction", "one to two hours on two idle cores"],
    [
      "cosnet reproduce --structures benchmark/ --output reproduction --model mine.onnx",
      "measures only what is not yet there: your model in the last column, a quarter of an hour",
    ],
    [
      "cosnet reproduce --structures benchmark/ --output full --channels 64 --volumes 480000",
      "the paper's own size: weeks on two cores",
    ],
  ]).action((flags: ReproduceFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { reproduce, reproductionText } = await import("../../jobs/reproduce/index.js");
      const { quick, structures, channels, volumes, trainedWays, episodes, particles, model } = flags;
      const result = await reproduce({
        outputFolder: flags.output,
        structuresFolder: structures,
        quick: quick === true,
        channels,
        volumes,
        trainedWays,
        episodes,
        particlesPerClass: particles,
        seed: flags.seed,
        modelPath: model,
        threads: flags.threads,
        command: commandText("reproduce", [], flags),
        ...progress,
      }).catch((error) => {
        throw withResumeHint(error);
      });
      const text = `${reproductionText(result)}\n\nReport: ${result.reportPath} (open it in a browser)`;
      return { text, summary: { command: "reproduce", ...result } };
    }),
  );
};
