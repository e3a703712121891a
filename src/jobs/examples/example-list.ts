import { ConfigError, FormatError } from "../../errors.js";
import { type ReadParticleListFileOptions, readParticleListFile } from "../../files/particles/index.js";
import { classNameOf, type ParticleList } from "../../io/index.js";
import type { ExampleArgument } from "./argument.js";

/**
 * The particles of a list or of a single box, of the class that the argument names.
 * @throws FileError, FormatError as reading does, and for an empty list; ConfigError when one class is named for a list of several.
 */
export async function readExampleList(
  example: ExampleArgument,
  options: ReadParticleListFileOptions,
): Promise<ParticleList> {
  const { kind, path } = example;
  const list = kind === "image" ? listOfImage(path) : (await readParticleListFile(path, options)).list;
  return ofNamedClass(list, example);
}

/** The list with the class that the argument names, where it names one. @throws as `readExampleList`. */
export function ofNamedClass(list: ParticleList, { path, className }: ExampleArgument): ParticleList {
  if (list.particles.length === 0)
    throw new FormatError("the list of examples is empty", path, { hint: "Give at least one example of a class." });
  if (className === undefined) return list;
  const stated = new Set(list.particles.map(classNameOf));
  if (stated.size > 1)
    throw new ConfigError(`${path} holds examples of ${stated.size} classes, and ${className}=${path} names one`, {
      hint: `Give ${path} without a name, or a list of ${className} alone.`,
    });
  const particles = list.particles.map(({ classNumber: _, ...particle }) => ({ ...particle, className }));
  return { ...list, particles };
}

/** A single box as a list of one. */
export function listOfImage(path: string): ParticleList {
  return {
    particles: [{ imageName: path, extra: {} }],
    ...{ origin: "first-voxel", voxelSizeAngstrom: undefined, coordinatePixelSizeAngstrom: undefined, warnings: [] },
  };
}
