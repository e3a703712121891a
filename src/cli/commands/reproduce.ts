import { declareCommand } from "../command-declaration.js";
import { flag, option, required } from "../option.js";
import { integerOption, listOption } from "../option-values.js";
import { jobOptions, structures, threads } from "../shared-options.js";
import { rethrowResumable } from "./train/resume-hint.js";

const count = integerOption(1);

export const reproduceCommand = declareCommand({
  name: "reproduce",
  description:
    "Repeat the paper's experiment: train its networks and ours, print Tables 1 to 3, draw Figures 3 and 4, write it all up. One to two hours on two idle cores and 250 MB of disk; run again, it continues where it was.",
  options: {
    output: required(option("<folder>", "report, tables, figures, trainings; an earlier run in it is continued")),
    structures: structures("in their subfolders train/ and test/"),
    quick: flag("check in a minute that every part works; without structures on made-up complexes"),
    channels: option("<count>", "channels of the paper's network, which has 64 (default: 8)", integerOption(2, 64)),
    volumes: option(
      "<count>",
      "volumes that the paper's network sees in each training; ours sees fewer (default: 7200)",
      count,
    ),
    trainedWays: option(
      "<list>",
      "ways of the episodes on which the paper's full network is trained (default: 2,4,6)",
      listOption(integerOption(2, 6)),
    ),
    episodes: option("<count>", "episodes of each cell of Table 1 (default: 5000)", count),
    particles: option("<count>", "test particles of each class (default: 100)", integerOption(2)),
    model: option("<file>", "model of the last column instead of the one that ships with cosnet"),
    threads,
  },
  examples: [
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
  ],
  async run(flags, progress, { command }) {
    const { reproduce, reproductionText } = await import("../../jobs/reproduce/index.js");
    const result = await reproduce({
      ...jobOptions(flags),
      quick: flags.quick,
      channels: flags.channels,
      volumes: flags.volumes,
      trainedWays: flags.trainedWays,
      episodes: flags.episodes,
      particlesPerClass: flags.particles,
      command,
      ...progress,
    }).catch(rethrowResumable);
    const text = `${reproductionText(result)}\n\nReport: ${result.reportPath} (open it in a browser)`;
    return { text, summary: { command: "reproduce", ...result } };
  },
});
