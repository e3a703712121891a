import type { ComplexSplit } from "../../files/complexes/index.js";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { drawScene, ordinaryScene } from "../../train/index.js";
import type { Random, Shape3 } from "../../volume/index.js";
import type { SpecimenRequest } from "../training/index.js";
import { type DetectorRecipe, trainDetectorDefaults } from "./options.js";

/** Specimens to learn from, all of them varied; and to check with: one as users' own simulations are, the others varied. */
export function specimenRequests(recipe: DetectorRecipe, { training, heldOut }: ComplexSplit) {
  const { specimenShape: shape, specimens, validationSpecimens } = recipe;
  const varied = (count: number, name: string, structures: readonly Complex[]) =>
    variedSpecimens(count, name, { structures, shape });
  const ordinary: SpecimenRequest = {
    name: "validation-ordinary",
    draw: (random) => ({ complexes: drawComplexes(random, heldOut, 12), scene: ordinaryScene(shape) }),
  };
  return {
    training: varied(specimens, "training", training),
    validation: [ordinary, ...varied(validationSpecimens - 1, "validation", heldOut)],
  };
}

/** Specimens as they differ between laboratories, of procedural complexes and `structures`; `shape` is `[nz, ny, nx]`. */
export function variedSpecimens(
  count: number,
  name: string,
  {
    structures = [],
    shape = trainDetectorDefaults.specimenShape,
  }: { structures?: readonly Complex[]; shape?: Shape3 } = {},
): SpecimenRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${name}-${i}`,
    draw(random) {
      const complexes = drawComplexes(random, structures);
      return { complexes, scene: drawScene(random, complexes.length, shape) };
    },
  }));
}

/** Some complexes of different kinds, procedural and given ones in turn; sometimes a single one, as in purified specimens. */
function drawComplexes(
  random: Random,
  structures: readonly Complex[],
  count = random.pick([1, 3, 6, 8, 12, 12, 16]),
): Complex[] {
  return Array.from({ length: count }, (_, i) =>
    structures.length > 0 && i % 2 === 1 ? random.pick(structures) : proceduralComplex(random.fork("complex", i)),
  );
}
