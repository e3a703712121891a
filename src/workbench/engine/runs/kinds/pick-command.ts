/** The command that does what a search of the workbench does. */
import type { PickOptions } from "../../../../jobs/pick/index.js";
import { commandText, flagged, listed, onDevice, valued } from "./command-text.js";

/** What of `pick`'s options a run of the workbench sets. */
export type RunPickOptions = Pick<
  PickOptions,
  | "tomogramPaths"
  | "detector"
  | "modelPath"
  | "examples"
  | "negatives"
  | "particles"
  | "voxelSizeAngstrom"
  | "inverted"
  | "particleDiameterAngstrom"
  | "detectionThreshold"
  | "closedSet"
  | "masks"
  | "seed"
>;

export function pickCommand(options: RunPickOptions & Pick<PickOptions, "device" | "precision">): string {
  const { inverted } = options;
  return commandText([
    ...["pick", ...options.tomogramPaths],
    ...listed("--examples", options.examples),
    ...listed("--negatives", options.negatives),
    ...listed("--particles", options.particles),
    ...valued("--detector", options.detector),
    ...valued("--model", options.modelPath),
    ...valued("--voxel-size", options.voxelSizeAngstrom),
    ...(inverted === undefined ? [] : [inverted ? "--invert" : "--no-invert"]),
    ...valued("--particle-diameter", options.particleDiameterAngstrom),
    ...valued("--detection-threshold", options.detectionThreshold),
    ...flagged("--closed-set", options.closedSet),
    ...flagged("--masks", options.masks),
    ...valued("--seed", options.seed),
    ...onDevice(options.device),
    ...valued("--precision", options.precision),
  ]);
}
