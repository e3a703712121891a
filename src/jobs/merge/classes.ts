import { ConfigError } from "../../errors.js";
import { classLabel, classNameOf, type Particle } from "../../io/index.js";

/** Particles with new names of their classes, given by old names or numbers. @throws ConfigError when an old name is not in any list. */
export function withClassNames(
  particles: readonly Particle[],
  names: ReadonlyMap<string, string>,
): readonly Particle[] {
  if (names.size === 0) return particles;
  const used = new Set<string>();
  const renamed = particles.map((particle) => {
    const old = [classNameOf(particle), classLabel(particle)].find((name) => name !== undefined && names.has(name));
    if (old === undefined) return particle;
    used.add(old);
    return named(particle, names.get(old)!);
  });
  const unknown = [...names.keys()].find((name) => !used.has(name));
  if (unknown === undefined) return renamed;
  const there = [...new Set(particles.map((particle) => classNameOf(particle) ?? "(no class)"))].slice(0, 10);
  throw new ConfigError(`no particle is of class ${unknown}, which is to be renamed`, {
    hint: `There are: ${there.join(", ")}.`,
  });
}

/** A particle of another class. The number belonged to the old one. */
export function named({ classNumber: _, ...particle }: Particle, className: string): Particle {
  return { ...particle, className };
}

/**
 * Numbers that agree with the names: lists count their classes each for itself, so the numbers of a class may differ, and one number
 * may be two classes. Then classes are numbered anew in order of appearance, which a warning says.
 * @param lists the list that each particle is of.
 */
export function withAgreeingNumbers(
  particles: readonly Particle[],
  lists: Int32Array,
): { readonly particles: readonly Particle[]; readonly warnings: readonly string[] } {
  if (particles.every(({ className }) => className === undefined))
    return { particles, warnings: sameNumbers(particles, lists) };
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  let agree = true;
  for (const particle of particles) {
    const name = classNameOf(particle);
    const { classNumber } = particle;
    if (name === undefined || classNumber === undefined) continue;
    if ((numbers.get(name) ?? classNumber) !== classNumber || (names.get(classNumber) ?? name) !== name) agree = false;
    numbers.set(name, classNumber);
    names.set(classNumber, name);
  }
  if (agree) return { particles, warnings: [] };
  const order = new Map(
    [...new Set(particles.flatMap((particle) => classNameOf(particle) ?? []))].map((name, i) => [name, i + 1]),
  );
  return {
    particles: particles.map((particle) => {
      const name = classNameOf(particle);
      return name === undefined ? particle : { ...particle, className: name, classNumber: order.get(name)! };
    }),
    warnings: [
      `the lists number their classes differently; now ${[...order].map(([name, i]) => `${i} = ${name}`).join(", ")}`,
    ],
  };
}

/** Bare numbers mean what each list means by them. */
function sameNumbers(particles: readonly Particle[], lists: Int32Array): string[] {
  const listOf = new Map<number, number>();
  for (const [i, { classNumber }] of particles.entries()) {
    if (classNumber === undefined) continue;
    const first = listOf.get(classNumber) ?? lists[i]!;
    listOf.set(classNumber, first);
    if (first !== lists[i]!)
      return [
        `class ${classNumber} of several lists is taken for one class; NAME=LIST gives the particles of a list a class of their own`,
      ];
  }
  return [];
}
