/** Which tomogram the positions of examples are in: as the user or the list says; only with a single tomogram is it assumed. */
import { ConfigError } from "../../errors.js";
import { fileExists } from "../../files/disk/index.js";
import { locate } from "../../files/particles/index.js";
import { type Particle, pairTomograms, tomogramNameOf } from "../../io/index.js";

/** Tomograms that examples may be in. */
export interface PlaceOptions {
  /** Those that are searched. */
  readonly tomogramPaths: readonly string[];
  /** As the user says. */
  readonly examplesTomogramPath?: string | undefined;
}

/** The tomogram of an example. */
export interface ExamplePlace {
  readonly path: string;
  /** Nobody has said so: it is the only tomogram. */
  readonly isAssumed: boolean;
}

const HINT = {
  hint: "Say which tomogram the examples are in: --examples-tomogram FILE (the searched one itself, if they are in it).",
};

/** @throws ConfigError when it is not clear, or the names say that the examples are in a tomogram that is not there. */
export async function placeOfExample(
  { tomogramName }: Particle,
  listPath: string,
  { tomogramPaths, examplesTomogramPath }: PlaceOptions,
): Promise<ExamplePlace> {
  if (examplesTomogramPath !== undefined) return { path: examplesTomogramPath, isAssumed: false };
  // Formats that number their tomograms ("0") say little.
  const isNamed = tomogramName !== undefined && !/^\d+$/.test(tomogramName);
  if (isNamed) {
    const path = await locate(listPath, tomogramName);
    if (await fileExists(path)) return { path, isAssumed: false };
    const same = pairTomograms([tomogramName], tomogramPaths).get(tomogramName);
    if (same !== undefined) return { path: same, isAssumed: false };
    throw new ConfigError(
      `${listPath}: the examples are in tomogram ${tomogramName}, which is neither beside the list nor searched`,
      HINT,
    );
  }
  const [only, ...others] = tomogramPaths;
  if (only === undefined || others.length > 0)
    throw new ConfigError(`${listPath}: the examples name no tomogram, and ${tomogramPaths.length} are searched`, HINT);
  if (isOfAnother(listPath, only))
    throw new ConfigError(
      `${listPath}: the examples name no tomogram; by the file's name they are not in ${only}, which is searched`,
      HINT,
    );
  return { path: only, isAssumed: true };
}

/** @throws ConfigError for examples of several numbered tomograms, where one is searched. */
export function checkNumberedTomograms(
  particles: readonly Particle[],
  listPath: string,
  { examplesTomogramPath }: Pick<PlaceOptions, "examplesTomogramPath">,
): void {
  const numbers = new Set(particles.flatMap(({ tomogramName }) => tomogramName ?? []));
  const areNumbered = [...numbers].every((name) => /^\d+$/.test(name));
  if (examplesTomogramPath !== undefined || numbers.size < 2 || !areNumbered) return;
  throw new ConfigError(`${listPath}: the examples are of ${numbers.size} tomograms that the list only numbers`, {
    hint: "Name the tomograms in the list, or give the examples of one tomogram with --examples-tomogram FILE.",
  });
}

/** Whether a list is called as another tomogram of the same series: tomo01_objects.xml is of tomo01, not of tomo02. */
function isOfAnother(listPath: string, tomogramPath: string): boolean {
  const own = tomogramNameOf(tomogramPath);
  const digits = /\d+/g;
  const pattern = (name: string) => name.replace(digits, "#");
  const beginning = tomogramNameOf(listPath).slice(0, LONGEST_NAME);
  const parts = beginning.split(/(?=[_.-])/);
  const candidates = parts.map((_, count) => parts.slice(0, count + 1).join(""));
  const alike = candidates.filter((name) => pattern(name) === pattern(own));
  return pattern(own) !== own && alike.length > 0 && !alike.some((name) => numbersOf(name) === numbersOf(own));
}

/** "TS_01" and "TS_1" have the same numbers. */
function numbersOf(name: string): string {
  return [...name.matchAll(/\d+/g)].map(([digits]) => BigInt(digits)).join();
}

const LONGEST_NAME = 255;
