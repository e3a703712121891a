import { FormatError } from "../../errors.js";
import { elementCount } from "../../graph/index.js";
import { readSafetensors } from "../../io/index.js";
import type { ParameterLayout } from "../../model/index.js";
import type { TrainingState } from "../../train/index.js";
import { readFileBytes } from "../disk/index.js";

/**
 * Puts the tensors of a checkpoint or file of weights into a state wherever one of the same name and size is; the others keep
 * their start. So a network can begin with the layers it has in common with another.
 * @returns how many tensors were taken.
 * @throws FileError, FormatError when the file cannot be read or has no tensor that fits.
 */
export async function transferWeights(path: string, layout: ParameterLayout, state: TrainingState): Promise<number> {
  const { arrays } = readSafetensors(await readFileBytes(path), { name: path });
  let taken = 0;
  for (const [specs, flat] of [
    [layout.parameters, state.parameters],
    [layout.statistics, state.statistics],
  ] as const)
    for (const { name, shape, offset } of specs) {
      const array = arrays.get(name);
      if (array?.dtype !== "F32" || array.data.length !== elementCount(shape)) continue;
      flat.set(array.data, offset);
      taken++;
    }
  if (taken === 0)
    throw new FormatError("none of its tensors fits this network", path, {
      hint: "Give the checkpoint of a detector, or models/cosnet.safetensors.",
    });
  return taken;
}
