import { declareCommand } from "../command-declaration.js";
import { option } from "../option.js";
import { integerOption } from "../option-values.js";
import { percent } from "../printable.js";
import { jobOptions, model, snr, threads } from "../shared-options.js";

export const demoCommand = declareCommand({
  name: "demo",
  description: "Make particles of unseen complexes, identify and segment them from one example each, and report.",
  options: {
    output: option("<folder>", "where the report and the particles go", String, "cosnet-demo"),
    classes: option("<count>", "kinds of molecule, 2 to 12", integerOption(2, 12), 6),
    particles: option("<count>", "particles of each, the example included", integerOption(2, 200), 12),
    snr,
    model,
    threads,
  },
  examples: [
    ["cosnet demo", "the whole thing, in cosnet-demo/report.html"],
    ["cosnet demo --classes 10 --snr 0.2 --seed 3", "harder, with other molecules"],
    ["cosnet demo --json --quiet", "the figures for a script"],
  ],
  async run(flags, progress, { command }) {
    const { demo } = await import("../../jobs/demo/index.js");
    const result = await demo({
      ...jobOptions(flags),
      classCount: flags.classes,
      particlesPerClass: flags.particles,
      snr: flags.snr,
      command,
      ...progress,
    });
    const text = [
      `From one example each of ${result.classes} unseen molecules, ${result.correct} of ${result.particles} particles identified:`,
      `  accuracy   ${percent(result.accuracy)} % (95 % interval ${percent(result.accuracyCi95[0])} to ${percent(result.accuracyCi95[1])}; guessing gives ${percent(1 / result.classes)})`,
      `  mean Dice  ${result.dice.toFixed(3)} (95 % interval ${result.diceCi95[0].toFixed(3)} to ${result.diceCi95[1].toFixed(3)})`,
      `Report: ${result.reportPath} (open it in a browser)`,
    ].join("\n");
    return { text, summary: { command: "demo", ...result } };
  },
});
