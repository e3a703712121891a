/**
 * Which class a particle is of: the one answer for every verb. A particle is of a class by name, else by number, or its list does
 * not say; some names say that it is of none of the classes that are looked for.
 */
import { FormatError } from "../../../errors.js";
import type { Particle, ParticleList } from "./particle-list.js";

/** The class of a particle: its name, else "class 3" for number 3; undefined where the list does not say. */
export function classNameOf({ className, classNumber }: Particle): string | undefined {
  return className?.trim() || (classNumber === undefined ? undefined : `class ${classNumber}`);
}

/** As formats hold a class: its name as it is, else its bare number. */
export function classLabel({ className, classNumber }: Particle): string | undefined {
  return className ?? classNumber?.toString();
}

/** Whether a class's name says "none of the classes that are looked for". Such particles still are a class of their own. */
export function isNegativeClass(name: string): boolean {
  return /^(none|none of these|negative|background|junk)$/i.test(name);
}

/** The class of an example. @throws FormatError when its list does not say. */
export function exampleClassOf(particle: Particle, where: string): string {
  const name = classNameOf(particle);
  if (name !== undefined) return name;
  throw new FormatError("the example does not say which class it is of", where, {
    hint: "Give every example a class name in column _cosnetClassName, or a number in _rlnClassNumber.",
  });
}

/**
 * Class names of a list of examples in order of appearance, and the class of each particle as an index into them.
 * @throws FormatError when a particle has no class, or all have the same.
 */
export function classesOfExamples(
  { particles }: ParticleList,
  path: string,
): { readonly names: readonly string[]; readonly labels: readonly number[] } {
  const { names, indices } = inOrderOfAppearance(
    particles.map((particle, index) => exampleClassOf(particle, `${path}, particle ${index + 1}`)),
  );
  if (names.length < 2)
    throw new FormatError(`all examples are of one class, ${names[0]}`, path, {
      hint: "Give examples of at least two classes; without a second one every particle would be of the first.",
    });
  return { names, labels: indices };
}

/** The classes of a list for label volumes: names, voxel values, and which one each particle is of. */
export interface ParticleClasses {
  readonly names: readonly string[];
  /** Value of each class in label volumes: 1 to 65535. */
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
  if (without >= 0 && given.some((name) => name !== undefined && !isNegativeClass(name)))
    throw new FormatError("this particle has no class, and others have one", `${path}, particle ${without + 1}`, {
      hint: "Give every particle a class (_cosnetClassName or _rlnClassNumber), or none.",
    });
  const { names, indices } = inOrderOfAppearance(
    given.map((name) => (without >= 0 ? ONLY_CLASS : (name ?? ONLY_CLASS))),
  );
  if (names.length > HIGHEST_LABEL)
    throw new FormatError(`${names.length} classes; label volumes can hold ${HIGHEST_LABEL}`, path);
  const numbers = statedNumbers(particles, indices);
  if (!numbers) return { names, indices, labels: names.map((_, i) => i + 1) };
  const order = names.map((_, i) => i).sort((a, b) => numbers[a] - numbers[b]);
  const rank = new Map(order.map((index, position) => [index, position]));
  return {
    names: order.map((index) => names[index]),
    labels: order.map((index) => numbers[index]),
    indices: indices.map((index) => rank.get(index) ?? 0),
  };
}

function inOrderOfAppearance(given: readonly string[]): { names: string[]; indices: number[] } {
  const indexOf = new Map([...new Set(given)].map((name, index) => [name, index]));
  return { names: [...indexOf.keys()], indices: given.map((name) => indexOf.get(name) ?? 0) };
}

/** The list's own number of each class, if these can be labels. */
function statedNumbers(particles: readonly Particle[], indices: readonly number[]): number[] | undefined {
  const numbers: number[] = [];
  for (const [i, { classNumber }] of particles.entries()) {
    if (classNumber === undefined || !Number.isInteger(classNumber)) return undefined;
    if (classNumber < 1 || classNumber > HIGHEST_LABEL) return undefined;
    if ((numbers[indices[i]] ??= classNumber) !== classNumber) return undefined;
  }
  return new Set(numbers).size === numbers.length ? numbers : undefined;
}
