import { extname } from "node:path";
import { type WrittenParticleListFile, writeParticleListFile } from "../../files/particles/index.js";
import { type ParticleList, particleFormatOfName } from "../../io/index.js";
import type { ListInput } from "./input.js";
import type { ListToListOptions } from "./options.js";

/**
 * Writes a list that was made of others. Without `to` it stays of the inputs' format where the names' endings are alike: a list
 * of RELION 4 does not become one of RELION 5 because it was filtered. Coordinates in voxels stay in the inputs' voxels.
 * @throws ConfigError, FileError as `writeParticleListFile`; AbortError.
 */
export async function writeResult(
  output: string,
  list: ParticleList,
  inputs: readonly ListInput[],
  options: ListToListOptions & { readonly comments: readonly string[] },
): Promise<WrittenParticleListFile> {
  const formats = new Set(inputs.map(({ writtenAs }) => writtenAs));
  const isSame = inputs.every(({ path }) => extname(path).toLowerCase() === extname(output).toLowerCase());
  return writeParticleListFile(output, list, {
    tomograms: options.tomograms,
    sizeAngstrom: inputs[0]?.placement.tomogramSizeAngstrom,
    tomogramSizesAngstrom: new Map(inputs.flatMap(({ placement }) => [...(placement.tomogramSizesAngstrom ?? [])])),
    format: options.to ?? (formats.size === 1 && isSame ? [...formats][0] : particleFormatOfName(output)),
    voxelSizeAngstrom: options.outputVoxelSizeAngstrom,
    lossy: options.lossy === true,
    comments: options.comments,
    signal: options.signal,
  });
}
