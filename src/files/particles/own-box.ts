import { FileError, FormatError } from "../../errors.js";
import { IMAGE_STACK_HINT, overriddenVoxelSize, type Particle } from "../../io/index.js";
import type { Volume } from "../../volume/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import type { ParticleBoxesOptions } from "./box-options.js";
import { locate } from "./linked-files.js";
import type { WarningCounter } from "./warning-counter.js";

/** The box of a particle that has a file of its own. @throws FileError, FormatError */
export async function readOwnBox(
  particle: Particle,
  where: string,
  { path: listPath, options, doubts }: { path: string; options: ParticleBoxesOptions; doubts: WarningCounter },
): Promise<Volume> {
  const name = particle.imageName!;
  if (/^\d+@/.test(name))
    throw new FormatError(`its image ${name} is a slice of a 2-D stack, not a box`, where, {
      hint: IMAGE_STACK_HINT,
    });
  const path = await locate(listPath, name);
  const voxelSizeAngstrom = options.fileVoxelSizeAngstrom ?? particle.imageVoxelSizeAngstrom;
  const reading = await readVolumeFile(path, { voxelSizeAngstrom }).catch((error) => {
    throw ofParticle(error, where);
  });
  if (reading.imageStack || reading.volume.shape.some((edge) => edge === 1))
    throw new FormatError(`its image ${path} is a stack of 2-D images, not a box`, where, {
      hint: IMAGE_STACK_HINT,
    });
  for (const warning of reading.warnings) doubts.add(warning, path, where);
  const stated = overriddenVoxelSize(reading);
  if (stated !== undefined)
    doubts.add(`the header's voxel size of ${stated} Å is overridden by ${reading.voxelSizeAngstrom}`, path, where);
  if (reading.voxelSizeAngstrom === undefined)
    throw new FormatError("neither the list nor the file states a voxel size", path, {
      hint: "Give it with --voxel-size.",
    });
  return reading.volume;
}

/** The same error, which also says whose file it is about. */
export function ofParticle(error: unknown, where: string): unknown {
  if (!(error instanceof FileError || error instanceof FormatError)) return error;
  const hint = `It belongs to ${where}.${error.hint ? ` ${error.hint}` : ""}`;
  const Same = error instanceof FileError ? FileError : FormatError;
  return new Same(error.reason, error.where, { cause: error, hint });
}
