import type { CrfFitResult, CrfFitRow } from "../../jobs/crf/index.js";
import type { CommandDeclaration } from "../command-declaration.js";
import { integerOption, listOption, snrOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface CrfFitFlags extends CommonOptions {
  readonly structures: string[];
  readonly output: string;
  readonly snr: number[];
  readonly particles: number;
  readonly trials: number;
  readonly model?: string;
  readonly threads?: number;
}

export const crfCommand: CommandDeclaration = (program, terminal) => {
  const crf = program
    .command("crf")
    .description("Parameters of the random field (CRF) that refines outlines.")
    .helpOption("--help", "print this help")
    .addHelpText("after", "\nExamples:\n  cosnet crf fit --structures training/\n      to crf.json")
    .action(() => crf.outputHelp());
  const positive = integerOption({ minimum: 1 });
  withCommonOptions(
    crf
      .command("fit")
      .description("Fit the CRF to a model's masks of particles drawn from structures, by a search on Dice.")
      .requiredOption(
        "--structures <folder...>",
        "structures (PDB, mmCIF) and maps (MRC) to fit on; every fourth is held out, as in training",
      )
      .option("--output <file>", "parameters, and Dice before and after", "crf.json")
      .option("--snr <list>", 'signal-to-noise ratios, "inf" for none', listOption(snrOption), [1000, 0.5])
      .option("--particles <count>", "particles drawn of each structure and SNR", positive, 4)
      .option("--trials <count>", "sets of parameters to try", positive, 60)
      .option("--model <file>", "model to fit to instead of the one that ships with cosnet")
      .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 })),
    [["cosnet crf fit --structures training/ --model mine.onnx", "for a model of your own"]],
  ).action((flags: CrfFitFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { fitCrf } = await import("../../jobs/crf/index.js");
      const result = await fitCrf({
        structures: flags.structures,
        outputPath: flags.output,
        snrs: flags.snr,
        particlesPerClass: flags.particles,
        trials: flags.trials,
        modelPath: flags.model,
        threads: flags.threads,
        seed: flags.seed,
        ...progress,
      });
      return { text: fitText(result, flags.output), summary: { command: "crf fit", output: flags.output, ...result } };
    }),
  );
};

function fitText(result: CrfFitResult, output: string): string {
  const { parameters, rows, heldOut, classes, heldOutClasses, trials } = result;
  const lines = (given: readonly CrfFitRow[]) =>
    given.map(
      ({ snr, before, after, lower }) =>
        `  SNR ${snr === Infinity ? "inf" : snr}: ${before.toFixed(4)} before, ${after.toFixed(4)} after; lower for ${lower.length}`,
    );
  return [
    ...Object.entries(parameters).map(([name, value]) => `${name.padEnd(24)} ${value}`),
    "",
    `Mean Dice of ${classes.length} complexes, best of ${trials} trials:`,
    ...lines(rows),
    ...(heldOut.length > 0 ? [`Of the ${heldOutClasses.length} that were not fitted on:`, ...lines(heldOut)] : []),
    `Written: ${output}`,
  ].join("\n");
}
