import { FormatError } from "../../errors.js";
import type { Particle, ParticleList } from "../../io/index.js";

/** The classes of a list: their names, their values in label volumes, and which one each particle is of. */
export interface ParticleClasses {
  readonly names: readonly string[];
  /** 1 or more, at most 65535; one a class. */
  readonly labels: readonly number[];
  /** Index into `names`, one a particle. */
  readonly indices: readonly number[];
}

/** What particles are called when nobody says what they are. */
const ONLY_CLASS = "particle";
const HIGHEST_LABEL = 65535;

/**
 * The classes of a list. Where it numbers them (`rlnClassNumber`), from 1 on and each number with one name, the labels are these
 * numbers, in rising order; else they count from 1 in order of appearance. A list without classes is of one class.
 * @throws FormatError when only some of the particles have a class, or there are more classes than labels.
 */
export function classesOfList({ particles }: ParticleList, path: string): ParticleClasses {
  const given = particles.map(classNameOf);
  const without = given.indexOf(undefined);
  if (without >= 0 && given.some((name) => name !== undefined))
    throw new FormatError("this particle has no class, and others have one", `${path}, particle ${without + 1}`, {
      hint: "Give every particle a class (_cosnetClassName or _rlnClassNumber), or none.",
    });
  const names = without >= 0 ? [ONLY_CLASS] : ([...new Set(given)] as string[]);
  if (names.length > HIGHEST_LABEL)
    throw new FormatError(`${names.length} classes; label volumes can hold ${HIGHEST_LABEL}`, path);
  const appearance = new Map(names.map((name, index) => [name, index]));
  const indices = given.map((name) => (name === undefined ? 0 : appearance.get(name)!));
  const numbers = statedNumbers(particles, indices, names.length);
  if (!numbers) return { names, indices, labels: names.map((_, i) => i + 1) };
  const order = names.map((_, i) => i).sort((a, b) => numbers[a]! - numbers[b]!);
  const place = new Map(order.map((index, i) => [index, i]));
  return {
    names: order.map((index) => names[index]!),
    labels: order.map((index) => numbers[index]!),
    indices: indices.map((index) => place.get(index)!),
  };
}

/** The name of a particle's class: in words, else by number. */
export function classNameOf({ className, classNumber }: Particle): string | undefined {
  const name = className?.trim() || (classNumber === undefined ? "" : `class ${classNumber}`);
  return name === "" || name === "None" ? undefined : name;
}

/** The list's own number of each class, if these can be labels. */
function statedNumbers(particles: readonly Particle[], indices: readonly number[], count: number) {
  const numbers = new Map<number, number>();
  for (const [i, { classNumber }] of particles.entries()) {
    if (classNumber === undefined || !Number.isInteger(classNumber)) return undefined;
    if (classNumber < 1 || classNumber > HIGHEST_LABEL) return undefined;
    if ((numbers.get(indices[i]!) ?? classNumber) !== classNumber) return undefined;
    numbers.set(indices[i]!, classNumber);
  }
  const labels = Array.from({ length: count }, (_, index) => numbers.get(index)!);
  return new Set(labels).size === count ? labels : undefined;
}
