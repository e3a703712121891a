import type { CrfFitResult, CrfFitRow } from "../../jobs/crf/index.js";
import { declareCommand, declareGroup } from "../command-declaration.js";
import { option, required } from "../option.js";
import { integerOption, listOption, snrOption } from "../option-values.js";
import { jobOptions, model, structures, threads } from "../shared-options.js";

const positive = integerOption(1);

const fitCommand = declareCommand({
  name: "fit",
  description: "Fit the CRF to a model's masks of particles drawn from structures, by a search on Dice.",
  options: {
    structures: required(structures("to fit on; every fourth is held out, as in training")),
    output: option("<file>", "parameters, and Dice before and after", String, "crf.json"),
    snr: option("<list>", 'signal-to-noise ratios, "inf" for no noise', listOption(snrOption), [1000, 0.5]),
    particles: option("<count>", "particles drawn of each structure and SNR", positive, 4),
    trials: option("<count>", "sets of parameters to try", positive, 60),
    model,
    threads,
  },
  examples: [["cosnet crf fit --structures training/ --model mine.onnx", "for a model of your own"]],
  async run(flags, progress) {
    const { fitCrf } = await import("../../jobs/crf/index.js");
    const result = await fitCrf({
      ...jobOptions(flags),
      outputPath: flags.output,
      snrs: flags.snr,
      particlesPerClass: flags.particles,
      trials: flags.trials,
      ...progress,
    });
    return { text: fitText(result, flags.output), summary: { command: "crf fit", output: flags.output, ...result } };
  },
});

export const crfCommand = declareGroup({
  name: "crf",
  description: "Parameters of the random field (CRF) that refines masks.",
  examples: [["cosnet crf fit --structures training/", "writes crf.json"]],
  commands: [fitCommand],
});

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
