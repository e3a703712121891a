import { countText } from "../../../count-text.js";
import { declareCommand } from "../../command-declaration.js";
import { given } from "../../given.js";
import { option, required } from "../../option.js";
import { integerOption } from "../../option-values.js";
import { percent } from "../../printable.js";
import { jobOptions, structures } from "../../shared-options.js";
import { optimiserOptions } from "./options.js";
import { rethrowResumable } from "./resume-hint.js";

/** `cosnet train detector`, beneath `cosnet train`. */
export const trainDetectorCommand = declareCommand({
  name: "detector",
  description:
    "Train the network that finds particles of any kind in tomograms, on simulated tomograms. Run again, it continues where it was.",
  options: {
    output: required(option("<folder>", "specimens, model, checkpoint, loss curves and log")),
    structures: structures("to pack, too; every fourth is held out for validation"),
    specimens: option("<count>", "simulated specimens to learn from (default: 24)", integerOption(1)),
    ...optimiserOptions({ steps: "2000", learningRate: "0.003", validateSteps: "500" }),
    weights: option("<file>", "weights to start from: a checkpoint, or models/cosnet-small.safetensors"),
  },
  examples: [
    ["cosnet train detector --output runs/detector --structures pdb/", "on specimens of pdb/ and made-up complexes"],
    [
      "cosnet train detector --output runs/quick --weights models/cosnet-small.safetensors --steps 500",
      "from the classifier's layers",
    ],
    ["cosnet pick tomogram.mrc --detector runs/detector/detector.onnx", "search with the new detector"],
  ],
  async run(flags, progress) {
    const { trainDetector } = await import("../../../jobs/train-detector/index.js");
    const result = await trainDetector({
      ...jobOptions(flags),
      ...given({
        specimens: flags.specimens,
      }),
      ...progress,
    }).catch(rethrowResumable);
    const last = result.history.at(-1);
    const text = [
      `Done after ${countText(result.steps, "step")} (${result.patchesSeen} patches, ${result.hours.toFixed(2)} hours).`,
      ...(last?.conditions ?? []).map(
        ({ condition, f1, precision, recall, averagePrecision }) =>
          `${condition}: F1 ${percent(f1)} % (precision ${percent(precision)} %, recall ${percent(recall)} %), average precision ${percent(averagePrecision)} %`,
      ),
      `Model: ${result.modelPath}`,
      `Loss curves: ${result.curvesPath}`,
    ].join("\n");
    return { text, summary: { command: "train detector", ...result } };
  },
});
