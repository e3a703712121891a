import { countText } from "../../../count-text.js";
import { declareCommand } from "../../command-declaration.js";
import { given } from "../../given.js";
import { jobOptions } from "../../shared-options.js";
import { trainCalibrationCommand } from "./calibration.js";
import { trainDetectorCommand } from "./detector.js";
import { checkTrainFlags, trainOptions } from "./options.js";
import { trainOnParticles } from "./particles.js";
import { trainRangesCommand } from "./ranges.js";
import { rethrowResumable } from "./resume-hint.js";
import { trainWorkerCommand } from "./worker.js";

export const trainCommand = declareCommand({
  name: "train",
  description:
    "Train a network on made-up complexes and, where given, structures. Run again, it continues where it was. " +
    "With --particles, adapt the default model to particles of your own.",
  options: trainOptions,
  examples: [
    ["cosnet train --output runs/first", "on made-up complexes alone"],
    [
      "cosnet train --output runs/paper --preset paper --channels 16 --no-duse",
      "a column of the paper's Table 1, scaled",
    ],
    ["cosnet train --output runs/mine --structures pdb/ --steps 20000", "with structures of your own"],
    ["cosnet train --output runs/large --batches-per-step 4 --workers 4", "steps of four batches, by four processes"],
    ["cosnet train --output runs/adapted --particles labelled.star", "the default model adapted to your particles"],
  ],
  commands: [trainDetectorCommand, trainCalibrationCommand, trainRangesCommand, trainWorkerCommand],
  async run(flags, progress, { isGiven }) {
    checkTrainFlags(flags, isGiven);
    if (flags.particles !== undefined) return trainOnParticles(flags.particles, flags, progress);
    const { train } = await import("../../../jobs/train/index.js");
    const result = await train({
      ...jobOptions(flags),
      duse: flags.duse,
      decoder: flags.decoder,
      ...given({
        preset: flags.preset,
        shots: flags.shots,
        specimens: flags.specimens || undefined,
        channels: flags.channels,
        batchesPerStep: flags.batchesPerStep,
        workers: flags.workers,
        listenHost: flags.listen,
      }),
      ...progress,
    }).catch(rethrowResumable);
    const { best } = result;
    const text = [
      `${result.stoppedEarly ? "Stopped early" : "Done"} after ${countText(result.steps, "step")} (${result.volumesSeen} volumes, ${result.hours.toFixed(2)} hours).`,
      `Best validation score ${best.validation.score.toFixed(4)} at step ${best.step}: ${result.modelPath}`,
      `Loss curves: ${result.curvesPath}`,
    ].join("\n");
    return { text, summary: { command: "train", ...result } };
  },
});
