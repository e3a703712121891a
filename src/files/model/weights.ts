import { fileURLToPath } from "node:url";
import { FormatError } from "../../errors.js";
import { elementCount } from "../../graph/index.js";
import { readSafetensors, type SafetensorsArray, writeSafetensors } from "../../io/index.js";
import { type NetworkConfig, type ParameterLayout, presetNames } from "../../model/index.js";
import type { TrainingState } from "../../train/index.js";
import { readFileBytes } from "../disk/index.js";

/** The weights of the model that ships with cosnet; models/ lies two folders up in src and in dist alike. */
export const DEFAULT_WEIGHTS_PATH = fileURLToPath(new URL("../../../models/cosnet.safetensors", import.meta.url));

/** What inference and a new training start from: parameters and running statistics, without the optimiser's state. */
export type Weights = Pick<TrainingState, "parameters" | "statistics">;

/**
 * The weights in a checkpoint, or in a file of weights alone, of a network of this layout.
 * @throws FormatError when the file is damaged or of another network.
 */
export async function loadWeights(path: string, layout: ParameterLayout): Promise<Weights> {
  return weightsOf(readSafetensors(await readFileBytes(path), { name: path }).arrays, layout, path);
}

/**
 * The network that a checkpoint or a file of weights is of, where the file says so.
 * @throws FileError, FormatError when the file cannot be read.
 */
export async function storedNetwork(path: string): Promise<NetworkConfig | undefined> {
  const { metadata } = readSafetensors(await readFileBytes(path), { name: path });
  try {
    const { network } = JSON.parse(metadata.recipe ?? "{}") as { readonly network?: NetworkConfig };
    return network && presetNames.includes(network.preset) ? network : undefined;
  } catch {
    return undefined;
  }
}

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
      hint: "Give the checkpoint of a detector, or models/cosnet-small.safetensors.",
    });
  return taken;
}

/** A file of weights to start from, as `loadWeights` and `storedNetwork` read it. */
export function encodeWeights(
  network: NetworkConfig,
  layout: ParameterLayout,
  state: Weights & Pick<TrainingState, "step">,
): Uint8Array {
  const metadata = {
    format: "cosnet-weights-1",
    recipe: JSON.stringify({ network }),
    step: String(state.step),
  };
  return writeSafetensors(namedArrays(layout, state), metadata);
}

/** Weights as tensors by name. */
export function namedArrays(layout: ParameterLayout, weights: Weights): Map<string, SafetensorsArray> {
  const named = (specs: ParameterLayout["parameters"], flat: Float32Array): [string, SafetensorsArray][] =>
    specs.map(({ name, shape, offset }) => {
      const data = flat.subarray(offset, offset + elementCount(shape));
      return [name, { dtype: "F32", shape, data }];
    });
  return new Map([...named(layout.parameters, weights.parameters), ...named(layout.statistics, weights.statistics)]);
}

/** The weights among named tensors. @throws FormatError when one is missing or of another size. */
export function weightsOf(
  arrays: ReadonlyMap<string, SafetensorsArray>,
  layout: ParameterLayout,
  path: string,
): Weights {
  const flat = (specs: ParameterLayout["parameters"], count: number): Float32Array => {
    const out = new Float32Array(count);
    for (const { name, shape, offset } of specs) out.set(tensorOf(arrays, name, elementCount(shape), path), offset);
    return out;
  };
  return {
    parameters: flat(layout.parameters, layout.parameterCount),
    statistics: flat(layout.statistics, layout.statisticCount),
  };
}

/** A float32 tensor of `count` values. @throws FormatError when it is missing or of another size. */
export function tensorOf(
  arrays: ReadonlyMap<string, SafetensorsArray>,
  name: string,
  count: number,
  path: string,
): Float32Array {
  const array = arrays.get(name);
  if (array?.dtype !== "F32" || array.data.length !== count)
    throw new FormatError(`tensor ${name} is missing or has the wrong size`, path, {
      hint: "The file is of another network: give the same --preset and switches.",
    });
  return array.data;
}
