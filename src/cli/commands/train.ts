import type { CommandDeclaration } from "../command-declaration.js";
import { choiceOption, integerOption, numberOption, voxelSizeOption } from "../option-values.js";
import { counted } from "../printable.js";
import { runAction, withCommonOptions } from "../run-action.js";
import { withResumeHint } from "./resume-hint.js";
import { declareTrainDetector } from "./train-detector.js";
import { checkFineTuneFlags, type FineTuneFlags, trainOnParticles } from "./train-particles.js";

interface TrainFlags extends FineTuneFlags {
  readonly preset?: "cosnet" | "paper" | "released";
  readonly duse: boolean;
  readonly decoder: boolean;
  readonly channels?: number;
  readonly shots?: number;
  readonly specimens?: number;
}

export const trainCommand: CommandDeclaration = (program, terminal) => {
  const count = integerOption({ minimum: 1 });
  const preset = choiceOption("cosnet", "paper", "released");
  const command = program
    .command("train")
    .description(
      "Train a network on made-up complexes and, where given, structures. Run again, it continues where it was. " +
        "With --particles, adapt the default model to particles of your own.",
    )
    .requiredOption("--output <folder>", "model, checkpoint, loss curves and log")
    .option("--structures <folder...>", "folders of structures and maps to train on, too")
    .option("--particles <star>", "labelled particles of your own, as few as 3 of each class, to adapt the model to")
    .option("--voxel-size <angstrom>", "voxel size of the particles to believe instead of the files'", voxelSizeOption)
    .option("--invert", "protein is dark in the particles' files")
    .option("--tomogram <file>", "tomogram to cut the particles from, where the list names none")
    .option("--no-adapt", "take the particles as they are: no turn to the known tilt geometry, no noise damped")
    .option(
      "--hold-out <share>",
      "share of the particles to check with (default: 0.3); 0 takes the last step unchecked",
      numberOption({ minimum: 0, maximum: 0.5 }),
    )
    .option("--overwrite", "replace an earlier model adapted to particles in the same folder")
    .option("--preset <name>", "the network: cosnet (default), paper or released", preset)
    .option("--no-duse", "leave out the squeeze-and-excitation blocks")
    .option("--no-decoder", "leave out the decoder: no masks")
    .option(
      "--shots <count>",
      "examples of each class in the episodes trained on (default: 1)",
      integerOption({ minimum: 1, maximum: 16 }),
    )
    .option(
      "--specimens <count>",
      "simulate so many crowded tomograms and cut half of every batch from them (60 MB of disk and memory each)",
      integerOption({ minimum: 0, maximum: 1000 }),
    )
    .option("--channels <count>", "channels of the network's finest level", integerOption({ minimum: 2, maximum: 256 }))
    .option("--steps <count>", "optimiser steps over which the learning rate falls", count)
    .option("--learning-rate <rate>", "its peak", numberOption({ minimum: 1e-7, maximum: 1 }))
    .option("--validate-steps <count>", "steps between validations", count)
    .option("--patience <count>", "validations without a better score before it stops early", count)
    .option("--weights <file>", "weights to start from: a checkpoint, or models/cosnet.safetensors")
    .option("--threads <count>", "threads of the network", integerOption({ minimum: 1, maximum: 256 }));
  withCommonOptions(command, [
    ["cosnet train --output runs/first", "on made-up complexes alone"],
    [
      "cosnet train --output runs/paper --preset paper --channels 16 --no-duse",
      "a column of the paper's Table 1, scaled",
    ],
    ["cosnet train --output runs/mine --structures pdb/ --steps 20000", "with structures of your own"],
    ["cosnet train --output runs/adapted --particles labelled.star", "the default model adapted to your particles"],
  ])
    .enablePositionalOptions() // what follows "detector" is for it
    .hook("preSubcommand", (parent) => void parent.setOptionValue("output", "")) // required of the parent alone
    .action((flags: TrainFlags) =>
      runAction(terminal, flags, async (progress) => {
        checkFineTuneFlags(flags, (name) => command.getOptionValueSource(name) === "cli");
        if (flags.particles !== undefined) return trainOnParticles(flags, progress);
        const { train } = await import("../../jobs/train/index.js");
        const result = await train({
          outputFolder: flags.output,
          seed: flags.seed,
          ...(flags.structures && { structureFolders: flags.structures }),
          ...(flags.preset && { preset: flags.preset }),
          duse: flags.duse,
          decoder: flags.decoder,
          ...(flags.weights && { weightsPath: flags.weights }),
          ...(flags.shots && { shots: flags.shots }),
          ...(flags.specimens && { specimens: flags.specimens }),
          ...(flags.channels && { channels: flags.channels }),
          ...(flags.steps && { steps: flags.steps }),
          ...(flags.learningRate && { peakLearningRate: flags.learningRate }),
          ...(flags.validateSteps && { validateSteps: flags.validateSteps }),
          ...(flags.patience && { patience: flags.patience }),
          ...(flags.threads && { threads: flags.threads }),
          ...progress,
        }).catch((error) => {
          throw withResumeHint(error);
        });
        const { best } = result;
        const text = [
          `${result.stoppedEarly ? "Stopped early" : "Done"} after ${counted(result.steps, "step")} (${result.volumesSeen} volumes, ${result.hours.toFixed(2)} hours).`,
          `Best validation score ${best.validation.score.toFixed(4)} at step ${best.step}: ${result.modelPath}`,
          `Loss curves: ${result.curvesPath}`,
        ].join("\n");
        return { text, summary: { command: "train", ...result } };
      }),
    );
  declareTrainDetector(command, terminal);
};

export { withResumeHint } from "./resume-hint.js";
