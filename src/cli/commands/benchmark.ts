import { ConfigError } from "../../errors.js";
import type { BenchmarkReport } from "../../jobs/benchmark/index.js";
import { declareCommand } from "../command-declaration.js";
import { given } from "../given.js";
import { flag, option, required, type ValuesOf } from "../option.js";
import { choiceOption, integerOption, listOption, snrOption } from "../option-values.js";
import type { Outcome, WorkProgress } from "../run-action.js";
import {
  commonMasks,
  crfChoice,
  jobOptions,
  model,
  precisionChoice,
  structures,
  testTimeAveraging,
  threads,
} from "../shared-options.js";

const positive = integerOption(1);

const options = {
  structures: required(structures("to draw particles of; of a folder with a subfolder test/, that one")),
  heldOut: flag("only those structures that a training on these folders holds out to validate on"),
  ways: option(
    "<list>",
    "classes to tell apart in an episode (default: 2,4,6; for robustness 2,6)",
    listOption(integerOption(2)),
  ),
  shots: option("<list>", "examples of each class (default: 1,5; for robustness 1)", listOption(positive)),
  snr: option(
    "<list>",
    'signal-to-noise ratios, "inf" for no noise (default: inf,1000,0.5; for robustness 1000,0.5)',
    listOption(snrOption),
  ),
  episodes: option("<count>", "episodes of each way, shot and SNR (default: 2000; for robustness 4000)", positive),
  particles: option(
    "<count>",
    "particles drawn of each structure and SNR (default: 100; for robustness 40)",
    integerOption(2),
  ),
  exampleDraws: option(
    "<count>",
    "draw the examples this many times and show how much accuracy depends on them",
    integerOption(1, 1000),
  ),
  testTimeAveraging,
  orientations: flag("compare orientations, too, as classify does: about 1 ms for each pair of particles"),
  crf: option(
    "<kind>",
    "refinement of the masks for the second Dice: fitted (mean over the four 180° rotations, then a random field), paper or off (default: fitted)",
    crfChoice,
  ),
  commonMasks,
  robustness: option(
    "[list]",
    "measure under other conditions (contrast, defocus, filters, tilts, voxel sizes), beside the clean figure; all, or those named",
    listOption(String),
  ),
  suite: option(
    "<name>",
    "hard: measured data, another simulator's and crowded tomograms beside a sphere template, and episodes of up to 20 ways in heavy noise",
    choiceOption("hard"),
  ),
  data: option("<folder>", "for the suite: folder of real/, simulated/labelled_tomograms and structures/"),
  output: option("<folder>", "for the suite: hard.json and hard.md; an earlier run in it is continued (default: hard)"),
  model,
  precision: option("<kind>", "what the network computes in: float32 or int8 (default: float32)", precisionChoice),
  threads,
  csv: flag("print the tables as comma-separated values"),
};

type Flags = ValuesOf<typeof options> & { readonly seed: number };

export const benchmarkCommand = declareCommand({
  name: "benchmark",
  description: "Measure accuracy and Dice of a model on particles drawn from structures.",
  options,
  examples: [
    ["cosnet benchmark --structures pdb/", "2, 4 and 6 ways, 1 and 5 shots, three noise levels"],
    ["cosnet benchmark --structures pdb/ --ways 2 --snr 0.5,0.1 --csv > table.csv", "a table for a spreadsheet"],
    ["cosnet benchmark --structures pdb/ --model mine.onnx --json", "a model of your own, for a script"],
    ["cosnet benchmark --structures pdb/ --robustness tilt-40,median", "two conditions beside the clean figure"],
    ["cosnet benchmark --suite hard --structures pdb/ --output hard", "whole tomograms and heavy noise, resumable"],
  ],
  run: (flags, progress, { command }) => {
    refuseForeignOptions(flags);
    if (flags.robustness !== undefined && flags.commonMasks)
      throw new ConfigError("--common-masks does nothing with --robustness", {
        hint: "Robustness is measured without masks: leave it out.",
      });
    if (flags.suite !== undefined) return runHardSuite(flags, progress, command);
    return flags.robustness === undefined
      ? runBenchmark(flags, progress)
      : runRobustness(flags, flags.robustness === true ? undefined : flags.robustness, progress);
  },
});

const OF_SUITE = ["data", "output"] as const;
const NOT_OF_SUITE = [
  ...["heldOut", "ways", "shots", "snr", "episodes", "particles", "exampleDraws"],
  ...["testTimeAveraging", "orientations", "commonMasks", "precision", "robustness", "csv"],
] as readonly (keyof Flags)[];

/** @throws ConfigError for an option that would do nothing. */
function refuseForeignOptions(flags: Flags): void {
  const [foreign, hint] =
    flags.suite === undefined
      ? ([OF_SUITE, "Give --suite hard with it, or leave it out."] as const)
      : ([NOT_OF_SUITE, "The suite settles it: leave it out."] as const);
  const name = foreign.find((option) => flags[option] !== undefined && flags[option] !== false);
  if (name === undefined) return;
  const written = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new ConfigError(`--${written} does nothing ${flags.suite ? "with" : "without"} --suite`, { hint });
}

async function runHardSuite(flags: Flags, progress: WorkProgress, command: string): Promise<Outcome> {
  const { hardSuite, hardSuitePage } = await import("../../jobs/hard-suite/index.js");
  const result = await hardSuite({
    ...{ structureFolders: flags.structures, seed: flags.seed, outputFolder: flags.output ?? "hard", command },
    ...given({ dataFolder: flags.data, modelPath: flags.model, threads: flags.threads }),
    ...progress,
  });
  return { text: hardSuitePage(result), summary: { ...result, suite: "hard", command: "benchmark" } };
}

async function runBenchmark(flags: Flags, progress: WorkProgress): Promise<Outcome> {
  const { benchmark, benchmarkCsv, benchmarkText } = await import("../../jobs/benchmark/index.js");
  const result = await benchmark({ ...episodeOptions(flags), ...progress });
  return outcome(result, flags.csv ? benchmarkCsv(result) : benchmarkText(result), flags);
}

async function runRobustness(flags: Flags, conditions: string[] | undefined, progress: WorkProgress): Promise<Outcome> {
  const { robustness, robustnessCsv, robustnessText } = await import("../../jobs/robustness/index.js");
  const result = await robustness({ ...episodeOptions(flags), conditions, ...progress });
  return outcome({ robustness: true, ...result }, flags.csv ? robustnessCsv(result) : robustnessText(result), flags);
}

const episodeOptions = (flags: Flags) => ({
  ...jobOptions(flags),
  heldOut: flags.heldOut,
  ...given({
    ways: flags.ways,
    shots: flags.shots,
    snrs: flags.snr,
    episodes: flags.episodes,
    particlesPerClass: flags.particles,
    exampleDraws: flags.exampleDraws,
  }),
});

type Source = Pick<BenchmarkReport, "classes" | "particlesPerClass" | "model" | "seed"> & { robustness?: true };

function outcome(result: Source, table: string, { csv }: Flags): Outcome {
  const { classes, particlesPerClass, model, seed } = result;
  const source = `${classes.length} classes, ${particlesPerClass} particles of each; model ${model}; seed ${seed}`;
  return { text: csv ? table : `${table}\n${source}`, summary: { command: "benchmark", ...result } };
}
