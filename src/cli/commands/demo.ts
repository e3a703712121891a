import type { CommandDeclaration } from "../command-declaration.js";
import { integerOption, snrOption } from "../option-values.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";

interface DemoFlags extends CommonOptions {
  readonly output: string;
  readonly classes: number;
  readonly particles: number;
  readonly snr: number;
  readonly model?: string;
  readonly threads?: number;
}

export const demoCommand: CommandDeclaration = (program, terminal) => {
  const command = program
    .command("demo")
    .description("Make particles of unseen complexes, identify and outline them from one example each, and report.")
    .option("--output <folder>", "where the report and the particles go", "cosnet-demo")
    .option("--classes <count>", "kinds of molecule, 2 to 12", integerOption({ minimum: 2, maximum: 12 }), 6)
    .option(
      "--particles <count>",
      "particles of each, the example included",
      integerOption({ minimum: 2, maximum: 200 }),
      12,
    )
    .option("--snr <ratio>", 'signal-to-noise ratio, or "inf" for none', snrOption, 0.5)
    .option("--model <file>", "model to use instead of the one that ships with cosnet")
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }));
  withCommonOptions(command, [
    ["cosnet demo", "the whole thing, in cosnet-demo/report.html"],
    ["cosnet demo --classes 10 --snr 0.2 --seed 3", "harder, with other molecules"],
    ["cosnet demo --json --quiet", "the figures for a script"],
  ]).action((flags: DemoFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { demo } = await import("../../jobs/demo/index.js");
      const result = await demo({
        outputFolder: flags.output,
        classCount: flags.classes,
        particlesPerClass: flags.particles,
        snr: flags.snr,
        seed: flags.seed,
        modelPath: flags.model,
        threads: flags.threads,
        command: `cosnet demo --classes ${flags.classes} --particles ${flags.particles} --snr ${flags.snr === Infinity ? "inf" : flags.snr} --seed ${flags.seed}${flags.model ? ` --model ${flags.model}` : ""}`,
        ...progress,
      });
      const percent = (share: number) => (100 * share).toFixed(1);
      const text = [
        `From one example each of ${result.classes} unseen molecules, ${result.correct} of ${result.particles} particles identified:`,
        `  accuracy   ${percent(result.accuracy)} % (95 % interval ${percent(result.accuracyCi95[0])} to ${percent(result.accuracyCi95[1])}; guessing gives ${percent(1 / result.classes)})`,
        `  mean Dice  ${result.dice.toFixed(3)} (95 % interval ${result.diceCi95[0].toFixed(3)} to ${result.diceCi95[1].toFixed(3)})`,
        `Report: ${result.reportPath} (open it in a browser)`,
      ].join("\n");
      return { text, summary: { command: "demo", ...result } };
    }),
  );
};
