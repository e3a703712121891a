import { ConfigError } from "../../../errors.js";
import { flagName, onUnlessNot, option, required, type ValuesOf } from "../../option.js";
import { choiceOption, integerOption, numberOption } from "../../option-values.js";
import { adapt, device, invert, overwrite, structures, threads, tomogram, voxelSize } from "../../shared-options.js";

const count = integerOption(1);
const onParticles = ["holdOut", "voxelSize", "invert", "tomogram", "adapt", "overwrite"];
const ofNewNetworks = [
  "preset",
  "duse",
  "decoder",
  "channels",
  "shots",
  "specimens",
  "batchesPerStep",
  "workers",
  "listen",
];

/** Options that `cosnet train` and `cosnet train detector` share, with the defaults that help states. */
export const optimiserOptions = (defaults: { steps?: string; learningRate?: string; validateSteps?: string } = {}) => {
  const stated = (text = "") => text && ` (default: ${text})`;
  return {
    steps: option("<count>", `optimiser steps, over which the learning rate falls${stated(defaults.steps)}`, count),
    learningRate: option("<rate>", `peak of the learning rate${stated(defaults.learningRate)}`, numberOption(1e-7, 1)),
    validateSteps: option("<count>", `steps between validations${stated(defaults.validateSteps)}`, count),
    weights: option("<file>", "weights to start from: a checkpoint, or models/cosnet.safetensors"),
    threads,
    device,
  };
};

export const trainOptions = {
  output: required(option("<folder>", "model, checkpoint, loss curves and log")),
  structures: structures("to train on, too"),
  particles: option("<list>", "labelled particles of your own, as few as 3 of each class, to adapt the model to"),
  voxelSize,
  invert,
  tomogram,
  adapt,
  holdOut: option(
    "<fraction>",
    "fraction of the particles held out for validation (default: 0.3); 0 takes the last step without",
    numberOption(0, 0.5),
  ),
  overwrite,
  preset: option("<name>", "network: cosnet (default), paper or released", choiceOption("cosnet", "paper", "released")),
  duse: onUnlessNot("leave out the squeeze-and-excitation blocks"),
  decoder: onUnlessNot("leave out the decoder: no masks"),
  shots: option("<count>", "examples of each class in the episodes trained on (default: 1)", integerOption(1, 16)),
  specimens: option(
    "<count>",
    "simulate this many crowded tomograms and cut a third of every batch from them (60 MB of disk and memory each)",
    integerOption(0, 1000),
  ),
  channels: option("<count>", "channels of the network's finest level", integerOption(2, 256)),
  batchesPerStep: option(
    "<count>",
    "batches whose mean gradient makes a step (default: 1); what workers share",
    integerOption(1, 4096),
  ),
  workers: option(
    "<count>",
    "processes of this computer that find the gradients (default: 1 where a step has several batches); 0: all are `cosnet train worker`",
    integerOption(0, 1024),
  ),
  listen: option(
    "<address>",
    "address by which `cosnet train worker` of other computers reaches this one, such as $(hostname): unencrypted (default: this computer alone)",
  ),
  patience: option("<count>", "validations without a better score before it stops early", count),
  ...optimiserOptions(),
};

export type TrainFlags = ValuesOf<typeof trainOptions> & { readonly seed: number };

/**
 * Options that go with particles only, or never with them.
 * @throws ConfigError naming the first that does not fit.
 */
export function checkTrainFlags({ particles }: TrainFlags, isGiven: (key: string) => boolean): void {
  const wrong = (particles === undefined ? onParticles : ofNewNetworks).find(isGiven);
  if (wrong === undefined) return;
  const isNegated = ["duse", "decoder", "adapt"].includes(wrong);
  throw new ConfigError(`--${isNegated ? "no-" : ""}${flagName(wrong)} cannot be used here`, {
    hint:
      particles === undefined
        ? "It goes with --particles LIST only."
        : "With --particles, the network is that of the weights it starts from.",
  });
}
