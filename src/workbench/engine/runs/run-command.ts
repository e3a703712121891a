/** The command that does what a run did. */
import { shellWord } from "../../../jobs/command-text/index.js";
import type { PickOptions } from "../../../jobs/pick/index.js";

/** What of `pick`'s options a run of the workbench sets. */
export type RunPickOptions = Pick<
  PickOptions,
  | "tomogramPaths"
  | "detector"
  | "modelPath"
  | "examples"
  | "negatives"
  | "voxelSizeAngstrom"
  | "inverted"
  | "particleDiameterAngstrom"
  | "detectionThreshold"
  | "closedSet"
  | "masks"
  | "seed"
>;

/** For a shell: what is no plain word is quoted. */
export function commandOf(options: RunPickOptions): string {
  const { tomogramPaths, examples, negatives = [], inverted } = options;
  const valued = (name: string, value: number | string | undefined) =>
    value === undefined ? [] : [name, String(value)];
  const words = [
    ...["cosnet", "pick", ...tomogramPaths, "--examples", ...examples],
    ...(negatives.length > 0 ? ["--negatives", ...negatives] : []),
    ...valued("--detector", options.detector),
    ...valued("--model", options.modelPath),
    ...valued("--voxel-size", options.voxelSizeAngstrom),
    ...(inverted === undefined ? [] : [inverted ? "--invert" : "--no-invert"]),
    ...valued("--particle-diameter", options.particleDiameterAngstrom),
    ...valued("--detection-threshold", options.detectionThreshold),
    ...(options.closedSet ? ["--closed-set"] : []),
    ...(options.masks ? ["--masks"] : []),
    ...valued("--seed", options.seed),
  ];
  return words.map(shellWord).join(" ");
}
