import { classLabel } from "./classes.js";
import type { Particle } from "./particle-list.js";
import { tomogramNameOf } from "./tomogram-name.js";

/** Names that a format holds as numbers only, and the number of each. */
export type Numbering = ReadonlyMap<string, number>;

/**
 * A number for each class: the list's own where every name has one and no two share it, else 1, 2, ... in order of
 * appearance.
 */
export function classNumbering(particles: readonly Particle[]): Numbering {
  const stated = new Map<string, number>();
  let consistent = true;
  for (const particle of particles) {
    const label = classLabel(particle);
    if (label === undefined) continue;
    const { classNumber } = particle;
    if (classNumber === undefined) consistent = false;
    else if ((stated.get(label) ?? classNumber) !== classNumber) consistent = false;
    stated.set(label, classNumber ?? 0);
  }
  if (consistent && new Set(stated.values()).size === stated.size) return stated;
  return new Map([...stated.keys()].map((label, index) => [label, index + 1]));
}

/**
 * A number for each tomogram: the last digits of its name ("TS_017.mrc" is 17) where all names have them and no two the
 * same, else 1, 2, ... in order of appearance.
 */
export function tomogramNumbering(particles: readonly Particle[]): Numbering {
  const named = new Set<string>();
  for (const { tomogramName } of particles) if (tomogramName !== undefined) named.add(tomogramName);
  const names = [...named];
  const own = names.map(lastDigits);
  const distinct = new Set(own.map(Number));
  const usable = own.every((digits) => digits !== undefined && digits.length < 7) && distinct.size === names.length;
  return new Map(names.map((name, index) => [name, usable ? Number(own[index]) : index + 1]));
}

/** The last run of digits in a tomogram's own name: "017" of "day_2/TS_017_10.00Apx.mrc". */
function lastDigits(path: string): string | undefined {
  const parts = tomogramNameOf(path).split(".");
  while (parts.length > 1 && /^[a-z]\w*$/i.test(parts[parts.length - 1])) parts.pop();
  return parts.join(".").match(/\d+/g)?.at(-1);
}

/** "1 = ribosome, 2 = TRiC", or undefined when the numbers are the names themselves. */
export function numberingText(numbering: Numbering): string | undefined {
  const entries = [...numbering].filter(([name, number]) => name !== String(number));
  return entries.length === 0 ? undefined : entries.map(([name, number]) => `${number} = ${name}`).join(", ");
}
