import { ConfigError } from "../../errors.js";
import { sortedClassNames } from "../../evaluate/index.js";
import type { ListedParticle } from "./lists.js";
import type { Occupancy } from "./occupancy.js";

/**
 * Diameter of each class in Angstrom: as given, as listed (`cosnetDiameterAngst`), or that of the ball of the particles'
 * median volume; failing all, twice the given distance.
 * @throws ConfigError when there is none of them.
 */
export function classDiameters(
  truths: readonly ListedParticle[],
  occupancies: ReadonlyMap<string, Occupancy>,
  options: { readonly diameterAngstrom?: number | undefined; readonly distanceAngstrom?: number | undefined },
): { readonly diameters: ReadonlyMap<string, number>; readonly source: string } {
  const names = sortedClassNames(truths.map(({ className }) => className!));
  const given =
    options.diameterAngstrom ?? (options.distanceAngstrom === undefined ? undefined : 2 * options.distanceAngstrom);
  if (options.diameterAngstrom !== undefined)
    return { diameters: new Map(names.map((name) => [name, options.diameterAngstrom!])), source: "as given" };
  const listed = truths.every(({ diameterAngstrom }) => diameterAngstrom !== undefined);
  const measured = new Map<ListedParticle, number>();
  for (const [tomogram, { volumesCubicAngstrom }] of occupancies)
    for (const [i, truth] of truths.filter((other) => other.tomogram === tomogram).entries())
      measured.set(truth, Math.cbrt((6 * volumesCubicAngstrom[i]!) / Math.PI));
  if (!listed && measured.size === 0) {
    if (given === undefined)
      throw new ConfigError("nothing says how large the particles are, and so how near a pick must be", {
        hint: "Give --distance or --diameter in Angstrom, or a label volume (--occupancy).",
      });
    return { diameters: new Map(names.map((name) => [name, given])), source: "twice the distance" };
  }
  const diameters = new Map(
    names.map((name) => {
      const own = truths.filter(({ className }) => className === name);
      const values = own
        .map((truth) => (listed ? truth.diameterAngstrom! : (measured.get(truth) ?? 0)))
        .filter((value) => value > 0);
      const middle = values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
      if (middle === undefined)
        throw new ConfigError(`the label volume has no voxel of class ${name}`, {
          hint: "Check that the labels belong to this list, or give --distance in Angstrom.",
        });
      return [name, middle];
    }),
  );
  return { diameters, source: listed ? "as listed" : "of the ball of the same volume" };
}
