import { ConfigError } from "../../errors.js";
import { plainName } from "../../plain-name.js";
import { breathe } from "../../progress.js";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { createRandom } from "../../volume/index.js";
import { type LoadComplexesOptions, loadFolders } from "./load.js";

/** What to draw: folders of structures and maps, a number of procedural complexes, or complexes at hand. */
export type ComplexSource =
  | { readonly structureFolders: readonly string[] }
  | { readonly procedural: number }
  | { readonly complexes: readonly Complex[] };

/** @throws ConfigError when the number of procedural complexes is not a whole number from 1. */
export function checkComplexSource(source: ComplexSource): void {
  if ("procedural" in source && !(Number.isInteger(source.procedural) && source.procedural > 0))
    throw new ConfigError(`cannot make ${source.procedural} complexes`, { hint: "Give a whole number from 1." });
}

/**
 * The complexes of a source, with names fit for files and lists; repeated ones are numbered.
 * @throws as reading structures does, AbortError.
 */
export async function complexesFrom(
  source: ComplexSource,
  { seed, ...options }: LoadComplexesOptions & { readonly seed: string | number },
): Promise<Complex[]> {
  checkComplexSource(source);
  if ("complexes" in source) return uniquelyNamed(source.complexes);
  if ("structureFolders" in source) return uniquelyNamed(await loadFolders(source.structureFolders, options));
  const complexes: Complex[] = [];
  const random = createRandom(seed);
  for (let i = 0; i < source.procedural; i++) {
    complexes.push(proceduralComplex(random.fork("class", i)));
    await breathe(options.signal);
  }
  return uniquelyNamed(complexes);
}

/** Some file systems take "ribosome" and "Ribosome" for the same. */
function uniquelyNamed(complexes: readonly Complex[]): Complex[] {
  const taken = new Set<string>();
  return complexes.map((complex) => {
    const base = plainName(complex.name, { otherwise: "complex" });
    let name = base;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base}-${i}`;
    taken.add(name.toLowerCase());
    return { ...complex, name };
  });
}
