import type { CommandDeclaration } from "../command-declaration.js";
import { integerOption, numberOption } from "../option-values.js";
import { counted } from "../printable.js";
import { type CommonOptions, runAction, withCommonOptions } from "../run-action.js";
import { withResumeHint } from "./resume-hint.js";

interface TrainDetectorFlags extends CommonOptions {
  readonly output: string;
  readonly structures?: string[];
  readonly specimens?: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly validateSteps?: number;
  readonly weights?: string;
  readonly threads?: number;
}

/** `cosnet train detector`, beneath `cosnet train`. */
export const declareTrainDetector: CommandDeclaration = (train, terminal) => {
  const count = integerOption({ minimum: 1 });
  const command = train
    .command("detector")
    .description(
      "Train the network that finds particles of whatever kind in tomograms, on simulated ones. Run again, it continues where it was.",
    )
    .requiredOption("--output <folder>", "specimens, model, checkpoint, loss curves and log")
    .option(
      "--structures <folder...>",
      "folders of structures and maps to pack, too; every fourth is held out to check with",
    )
    .option("--specimens <count>", "simulated specimens to learn from (default: 24)", count)
    .option("--steps <count>", "optimiser steps over which the learning rate falls (default: 2000)", count)
    .option("--learning-rate <rate>", "its peak (default: 0.003)", numberOption({ minimum: 1e-7, maximum: 1 }))
    .option("--validate-steps <count>", "steps between checks on held-out specimens (default: 500)", count)
    .option("--weights <file>", "weights to start from: a detector's checkpoint, or models/cosnet.safetensors")
    .option("--threads <count>", "threads (default: 2)", integerOption({ minimum: 1, maximum: 256 }));
  withCommonOptions(command, [
    ["cosnet train detector --output runs/detector --structures pdb/", "on specimens of pdb/ and made-up complexes"],
    [
      "cosnet train detector --output runs/quick --weights models/cosnet.safetensors --steps 500",
      "from the classifier's layers",
    ],
    ["cosnet pick tomogram.mrc --detector runs/detector/detector.onnx", "search with the new detector; see its help"],
  ]).action((flags: TrainDetectorFlags) =>
    runAction(terminal, flags, async (progress) => {
      const { trainDetector } = await import("../../jobs/train-detector/index.js");
      const result = await trainDetector({
        outputFolder: flags.output,
        seed: flags.seed,
        ...(flags.structures && { structureFolders: flags.structures }),
        ...(flags.specimens && { specimens: flags.specimens }),
        ...(flags.steps && { steps: flags.steps }),
        ...(flags.learningRate && { peakLearningRate: flags.learningRate }),
        ...(flags.validateSteps && { validateSteps: flags.validateSteps }),
        ...(flags.weights && { weightsPath: flags.weights }),
        ...(flags.threads && { threads: flags.threads }),
        ...progress,
      }).catch((error) => {
        throw withResumeHint(error);
      });
      const last = result.history.at(-1);
      const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
      const text = [
        `Done after ${counted(result.steps, "step")} (${result.patchesSeen} patches, ${result.hours.toFixed(2)} hours).`,
        ...(last?.conditions ?? []).map(
          ({ condition, f1, precision, recall, averagePrecision }) =>
            `${condition}: F1 ${percent(f1)} (precision ${percent(precision)}, recall ${percent(recall)}), average precision ${percent(averagePrecision)}`,
        ),
        `Model: ${result.modelPath}`,
        `Loss curves: ${result.curvesPath}`,
      ].join("\n");
      return { text, summary: { command: "train detector", ...result } };
    }),
  );
};
