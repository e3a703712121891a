import { resolve } from "node:path";
import { ConfigError } from "../../errors.js";
import {
  type ParticleListFile,
  placementOf,
  type ReadPlacement,
  readParticleListFile,
} from "../../files/particles/index.js";
import type { ListToListOptions } from "./options.js";

/** A list as its file has it. */
export interface ListInput extends ParticleListFile {
  readonly path: string;
  /** What the options say of its tomograms. */
  readonly placement: ReadPlacement;
}

/**
 * Reads a list that is to be written again: positions from the tomogram's centre stay so, so that nothing need be known of
 * the tomogram to write them.
 * @throws FileError, FormatError; ConfigError when coordinates are in voxels of unknown size.
 */
export async function readListInput(path: string, options: ListToListOptions): Promise<ListInput> {
  const { from, tomogram, tomograms, sizeVoxels, voxelSizeAngstrom, signal } = options;
  const place = { tomogram, tomograms, sizeVoxels, voxelSizeAngstrom };
  const reading = { format: from, voxelSizeAngstrom, tomogram, tomogramWhereNeeded: true, signal };
  const file = await readParticleListFile(path, reading).catch((error) => {
    // EMAN2 counts from the tomogram's centre, too, and is read with its size alone.
    if (error instanceof ConfigError) return readParticleListFile(path, { format: from, ...place, signal });
    throw error;
  });
  const beside = file.tomograms?.sizesAngstrom;
  const tomogramSizesAngstrom = tomograms === undefined && tomogram === undefined && !sizeVoxels ? beside : undefined;
  return { path, ...file, placement: await placementOf({ ...place, tomogramSizesAngstrom }) };
}

/** @throws ConfigError when a list would replace one that it is made of. */
export function refuseOverwriting(inputs: readonly string[], output: string): void {
  if (inputs.some((input) => resolve(input) === resolve(output)))
    throw new ConfigError("the output would replace the input", { where: output, hint: "Give another name." });
}
