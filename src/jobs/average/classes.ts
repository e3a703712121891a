import { ConfigError, FormatError } from "../../errors.js";
import { classNameOf, isNegativeClass, type ParticleList } from "../../io/index.js";
import { median } from "../../volume/index.js";
import type { AverageSettings } from "./options.js";

/** The particles of a class. */
export interface ClassRows {
  readonly name: string;
  /** Rows of the list, from 0. */
  readonly rows: readonly number[];
  /** As the list says of its particles; undefined where it does not. */
  readonly diameterAngstrom: number | undefined;
}

/** What the particles of a list without classes are called. */
export const ONLY_CLASS = "average";

/**
 * The classes that are to be averaged, in order of appearance.
 * @throws ConfigError for a class that is not in the list; FormatError when there is nothing to average.
 */
export function classesToAverage(list: ParticleList, path: string, { classNames }: AverageSettings): ClassRows[] {
  const byName = new Map<string, number[]>();
  for (const [row, particle] of list.particles.entries()) {
    const name = classNameOf(particle) ?? ONLY_CLASS;
    const rows = byName.get(name);
    if (rows) rows.push(row);
    else byName.set(name, [row]);
  }
  const wanted = classNames ?? [...byName.keys()].filter((name) => !isNegativeClass(name));
  for (const name of wanted)
    if (!byName.has(name))
      throw new ConfigError(`the list has no class ${name}`, {
        where: path,
        hint: `Its classes are ${[...byName.keys()].join(", ")}.`,
      });
  if (wanted.length === 0) throw new FormatError("the list has no particles of a class to average", path);
  return wanted.map((name) => {
    const rows = byName.get(name)!;
    return { name, rows, diameterAngstrom: listedDiameter(list, rows) };
  });
}

/** `cosnetDiameterAngst`, which `pick` writes from the masks. */
function listedDiameter({ particles }: ParticleList, rows: readonly number[]): number | undefined {
  const diameters = rows
    .map((row) => Number(particles[row]!.extra.cosnetDiameterAngst))
    .filter((value) => Number.isFinite(value) && value > 0);
  return diameters.length > 0 ? median(diameters) : undefined;
}
