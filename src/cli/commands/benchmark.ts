import type { CommandDeclaration } from "../command-line.js";
import { integerOption, listOption, snrOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface BenchmarkFlags extends CommonOptions {
  readonly structures: string;
  readonly ways: number[];
  readonly shots: number[];
  readonly snr: number[];
  readonly episodes: number;
  readonly particles: number;
  readonly model?: string;
  readonly threads?: number;
  readonly csv?: true;
}

export const benchmarkCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("benchmark")
    .description("Measure accuracy and Dice of a model on particles drawn from structures.")
    .requiredOption(
      "--structures <folder>",
      "structures (PDB, mmCIF) and maps (MRC); its subfolder test/ if there is one",
    )
    .option(
      "--ways <list>",
      "classes to tell apart in an episode",
      listOption(integerOption({ minimum: 2 })),
      [2, 4, 6],
    )
    .option("--shots <list>", "examples of each class", listOption(integerOption({ minimum: 1 })), [1, 5])
    .option("--snr <list>", 'signal-to-noise ratios, "inf" for none', listOption(snrOption), [Infinity, 1000, 0.5])
    .option("--episodes <count>", "episodes of each way, shot and SNR", integerOption({ minimum: 1 }), 2000)
    .option("--particles <count>", "particles drawn of each structure and SNR", integerOption({ minimum: 2 }), 100)
    .option("--model <file>", "model to measure instead of the one that ships with cosnet")
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }))
    .option("--csv", "print the tables as comma-separated values");
  withCommonOptions(command, [
    ["cosnet benchmark --structures pdb/", "2, 4 and 6 ways, 1 and 5 shots, three noise levels"],
    ["cosnet benchmark --structures pdb/ --ways 2 --snr 0.5,0.1 --csv > table.csv", "a table for a spreadsheet"],
    ["cosnet benchmark --structures pdb/ --model mine.onnx --json", "a model of your own, for a script"],
  ]).action((flags: BenchmarkFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { benchmark, benchmarkCsv, benchmarkText } = await import("../../workflow/index.js");
      const result = await benchmark({
        structuresFolder: flags.structures,
        ways: flags.ways,
        shots: flags.shots,
        snrs: flags.snr,
        episodes: flags.episodes,
        particlesPerClass: flags.particles,
        seed: flags.seed,
        modelPath: flags.model,
        threads: flags.threads,
        ...progress,
      });
      const text = `${benchmarkText(result)}\n${result.classes.length} classes, ${result.particlesPerClass} particles of each; model ${result.model}; seed ${result.seed}`;
      return { text: flags.csv ? benchmarkCsv(result) : text, summary: { command: "benchmark", ...result } };
    }),
  );
};
