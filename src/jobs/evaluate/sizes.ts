import { ConfigError } from "../../errors.js";
import { rowsByName, sortedClassNames } from "../../evaluate/index.js";
import type { ListedParticle } from "./lists.js";
import type { Occupancy } from "./occupancy.js";
import type { EvaluatePicksOptions } from "./options.js";

/**
 * Diameter of each class in Å: as given, as listed (`cosnetDiameterAngst`), or that of the ball of the particles'
 * median volume; failing all, twice the given distance.
 * @throws ConfigError when none of these is known, or a class has no voxel.
 */
export function classDiameters(
  truths: readonly ListedParticle[],
  occupancies: ReadonlyMap<string, Occupancy>,
  { diameterAngstrom, distanceAngstrom }: Pick<EvaluatePicksOptions, "diameterAngstrom" | "distanceAngstrom">,
): { readonly diameters: ReadonlyMap<string, number>; readonly source: string } {
  const names = sortedClassNames(truths.map(({ className }) => className!));
  if (diameterAngstrom !== undefined)
    return { diameters: new Map(names.map((name) => [name, diameterAngstrom])), source: "as given" };
  const listed = truths.every(({ diameterAngstrom }) => diameterAngstrom !== undefined);
  const measured = new Map<ListedParticle, number>();
  const rowsOfTomogram = rowsByName(truths, ({ tomogram }) => tomogram);
  for (const [tomogram, { volumesCubicAngstrom }] of occupancies)
    for (const [i, row] of (rowsOfTomogram.get(tomogram) ?? []).entries())
      measured.set(truths[row]!, Math.cbrt((6 * volumesCubicAngstrom[i]!) / Math.PI));
  if (!listed && measured.size === 0) {
    if (distanceAngstrom === undefined)
      throw new ConfigError("nothing says how large the particles are, and so how near a pick must be", {
        hint: "Give --distance or --diameter in Å, or a label volume (--occupancy).",
      });
    return { diameters: new Map(names.map((name) => [name, 2 * distanceAngstrom])), source: "twice the distance" };
  }
  const rowsOfClass = rowsByName(truths, ({ className }) => className);
  const diameters = new Map(
    names.map((name) => {
      const own = (rowsOfClass.get(name) ?? []).map((row) => truths[row]!);
      const values = own
        .map((truth) => (listed ? truth.diameterAngstrom! : (measured.get(truth) ?? 0)))
        .filter((value) => value > 0)
        .sort((a, b) => a - b);
      const middle = values[Math.floor(values.length / 2)];
      if (middle === undefined)
        throw new ConfigError(`the label volume has no voxel of class ${name}`, {
          hint: "Check that the labels belong to this list, or give --distance in Å.",
        });
      return [name, middle];
    }),
  );
  return { diameters, source: listed ? "as listed" : "of the ball of the same volume" };
}
