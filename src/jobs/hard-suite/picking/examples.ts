import { ConfigError } from "../../../errors.js";
import { sortedClassNames } from "../../../evaluate/index.js";
import { readParticleListFile, writeParticleListFile } from "../../../files/particles/index.js";
import { classNameOf, type ParticleList } from "../../../io/index.js";
import type { Random } from "../../../volume/index.js";

/** A tomogram, and the list of what is in it. */
export interface LabelledTomogram {
  readonly path: string;
  readonly truthPath: string;
  /** What lists call it. */
  readonly name: string;
  /** Believed instead of what the files state. */
  readonly voxelSizeAngstrom: number;
}

/** The true particles, counted from the first voxel, with names for numbered classes. @throws FileError, FormatError, ConfigError as reading lists does. */
export async function readTruth({ path, truthPath, name, voxelSizeAngstrom }: LabelledTomogram): Promise<ParticleList> {
  const options = { tomogram: path, tomogramVoxelSizeAngstrom: voxelSizeAngstrom };
  const { list } = await readParticleListFile(truthPath, options);
  const particles = list.particles.map(({ classNumber: _, ...particle }, row) => {
    const className = classNameOf(list.particles[row]!);
    return { ...particle, ...(className !== undefined && { className }), tomogramName: name, extra: {} };
  });
  return { ...list, particles };
}

/** Names of the classes of a list, in order. */
export function classesOf({ particles }: ParticleList): string[] {
  return sortedClassNames(new Set(particles.flatMap((particle) => classNameOf(particle) ?? [])));
}

/**
 * Draws examples of some classes and writes them as a list.
 * @throws ConfigError when a class has fewer particles than examples are asked for; FileError.
 */
export async function writeExamples(
  path: string,
  truth: ParticleList,
  { classes, shots, random }: { readonly classes: readonly string[]; readonly shots: number; readonly random: Random },
): Promise<void> {
  const particles = classes.flatMap((name) => {
    const own = truth.particles.filter((particle) => classNameOf(particle) === name);
    if (own.length < shots)
      throw new ConfigError(`${shots} examples of ${name} are asked for; the tomogram holds ${own.length}`, {
        hint: "Give fewer structures.",
      });
    return random
      .fork(name)
      .sample(own.length, shots)
      .map((index) => own[index]!);
  });
  await writeParticleListFile(path, { ...truth, particles }, { lossy: true });
}
