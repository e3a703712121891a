import type { CommandDeclaration } from "../command-declaration.js";
import { choiceOption, integerOption, listOption, snrOption } from "../option-values.js";
import { type CommonOptions, type Outcome, runAction, type WorkProgress, withCommonOptions } from "../run-action.js";

interface BenchmarkFlags extends CommonOptions {
  readonly structures: string[];
  readonly heldOut?: true;
  readonly ways?: number[];
  readonly shots?: number[];
  readonly snr?: number[];
  readonly episodes?: number;
  readonly particles?: number;
  readonly supportSeeds?: number;
  readonly averageTurns?: true;
  readonly crf?: "off" | "fitted" | "paper";
  readonly robustness?: true | string[];
  readonly model?: string;
  readonly threads?: number;
  readonly csv?: true;
}

export const benchmarkCommand: CommandDeclaration = (program, terminal) => {
  const positive = integerOption({ minimum: 1 });
  const command = program
    .command("benchmark")
    .description("Measure accuracy and Dice of a model on particles drawn from structures.")
    .requiredOption(
      "--structures <folder...>",
      "structures (PDB, mmCIF) and maps (MRC); its subfolder test/ if there is one",
    )
    .option("--held-out", "only those structures that a training on these folders holds out to validate on")
    .option(
      "--ways <list>",
      "classes to tell apart in an episode (default: 2,4,6; for robustness 2,6)",
      listOption(integerOption({ minimum: 2 })),
    )
    .option("--shots <list>", "examples of each class (default: 1,5; for robustness 1)", listOption(positive))
    .option(
      "--snr <list>",
      'signal-to-noise ratios, "inf" for none (default: inf,1000,0.5; for robustness 1000,0.5)',
      listOption(snrOption),
    )
    .option("--episodes <count>", "episodes of each way, shot and SNR (default: 2000; for robustness 4000)", positive)
    .option(
      "--particles <count>",
      "particles drawn of each structure and SNR (default: 100; for robustness 40)",
      integerOption({ minimum: 2 }),
    )
    .option(
      "--support-seeds <count>",
      "draw the examples so many times and show how much accuracy hangs on them",
      integerOption({ minimum: 1, maximum: 1000 }),
    )
    .option("--average-turns", "average over the half turns that keep the missing wedge: four times the cost")
    .option(
      "--crf <kind>",
      "refinement of the masks for the second Dice: fitted (mean of four half turns, then a random field), paper or off (default: fitted)",
      choiceOption("off", "fitted", "paper"),
    )
    .option(
      "--robustness [list]",
      "under other contrast, defocus, filters, tilts, voxels and so on, beside the clean figure; all conditions, or those named",
      listOption((name: string) => name),
    )
    .option("--model <file>", "model to measure instead of the one that ships with cosnet")
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }))
    .option("--csv", "print the tables as comma-separated values");
  withCommonOptions(command, [
    ["cosnet benchmark --structures pdb/", "2, 4 and 6 ways, 1 and 5 shots, three noise levels"],
    ["cosnet benchmark --structures pdb/ --ways 2 --snr 0.5,0.1 --csv > table.csv", "a table for a spreadsheet"],
    ["cosnet benchmark --structures pdb/ --model mine.onnx --json", "a model of your own, for a script"],
    ["cosnet benchmark --structures pdb/ --robustness tilt-40,median", "two conditions beside the clean figure"],
  ]).action((flags: BenchmarkFlags) =>
    runAction(terminal, flags, (progress) =>
      flags.robustness === undefined ? runBenchmark(flags, progress) : runRobustness(flags, progress),
    ),
  );
};

async function runBenchmark(flags: BenchmarkFlags, progress: WorkProgress): Promise<Outcome> {
  const { benchmark, benchmarkCsv, benchmarkText } = await import("../../jobs/benchmark/index.js");
  const result = await benchmark({
    ...commonOptions(flags),
    supportDraws: flags.supportSeeds,
    crf: flags.crf,
    ...progress,
  });
  const text = `${benchmarkText(result)}\n${sourceText(result)}`;
  return { text: flags.csv ? benchmarkCsv(result) : text, summary: { command: "benchmark", ...result } };
}

async function runRobustness(flags: BenchmarkFlags, progress: WorkProgress): Promise<Outcome> {
  const { robustness, robustnessCsv, robustnessText } = await import("../../jobs/robustness/index.js");
  const conditions = flags.robustness === true ? undefined : flags.robustness;
  const result = await robustness({ ...commonOptions(flags), conditions, ...progress });
  const text = `${robustnessText(result)}\n${sourceText(result)}`;
  return {
    text: flags.csv ? robustnessCsv(result) : text,
    summary: { command: "benchmark", robustness: true, ...result },
  };
}

const commonOptions = (flags: BenchmarkFlags) => ({
  structuresFolder: flags.structures,
  heldOut: flags.heldOut,
  ways: flags.ways,
  shots: flags.shots,
  snrs: flags.snr,
  episodes: flags.episodes,
  particlesPerClass: flags.particles,
  averageTurns: flags.averageTurns === true,
  seed: flags.seed,
  modelPath: flags.model,
  threads: flags.threads,
});

interface Source {
  readonly classes: readonly string[];
  readonly particlesPerClass: number;
  readonly model: string;
  readonly seed: number;
}

const sourceText = ({ classes, particlesPerClass, model, seed }: Source): string =>
  `${classes.length} classes, ${particlesPerClass} particles of each; model ${model}; seed ${seed}`;
