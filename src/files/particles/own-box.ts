import { FileError, FormatError } from "../../errors.js";
import { boxOfTilts } from "../../infer/index.js";
import {
  hasImageStack,
  IMAGE_STACK_HINT,
  overriddenVoxelSize,
  type Particle,
  type ParticleList,
} from "../../io/index.js";
import type { Volume } from "../../volume/index.js";
import { readVolumeFile } from "../tomogram/index.js";
import type { ParticleBoxesOptions } from "./box-options.js";
import { locate } from "./linked-files.js";
import { isTiltStack, openTiltStacks, type TiltStackReader } from "./tilt-stacks.js";
import type { WarningCounter } from "./warning-counter.js";

/** Boxes of the particles that have files of their own. */
export interface OwnBoxes {
  /** Undefined where none of the particles' images are stacks of tilt images that can be read. */
  readonly stacks: TiltStackReader | undefined;
  /** Whether the particle's image is read; if not, its box has to be cut out of the tomogram. */
  has(particle: Particle): boolean;
  /** A box as its file has it, or made of tilt images. @throws FileError, FormatError that name the particle. */
  read(particle: Particle, where: string, doubts: WarningCounter): Promise<Volume>;
}

/** A tomogram that is given comes before stacks of tilt images, but not before boxes. @throws FileError, FormatError */
export async function openOwnBoxes(list: ParticleList, path: string, options: OwnBoxOptions): Promise<OwnBoxes> {
  const { tomogramPath, alwaysCut = false } = options;
  const stacks = tomogramPath === undefined && !alwaysCut ? await openTiltStacks(list, path, options) : undefined;
  return {
    stacks,
    has(particle) {
      if (alwaysCut || particle.imageName === undefined) return false;
      return (stacks && isTiltStack(list, particle)) || !(particle.positionAngstrom && hasImageStack(list, particle));
    },
    async read(particle, where, doubts) {
      if (!stacks || !isTiltStack(list, particle)) return readOwnBox(particle, where, { path, options, doubts });
      return boxOfTilts(await stacks.read(particle, where, doubts));
    },
  };
}

type OwnBoxOptions = Pick<ParticleBoxesOptions, "fileVoxelSizeAngstrom" | "tomogramPath" | "alwaysCut">;

async function readOwnBox(
  particle: Particle,
  where: string,
  { path: listPath, options, doubts }: { path: string; options: OwnBoxOptions; doubts: WarningCounter },
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
