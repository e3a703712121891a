import { FormatError } from "../../errors.js";
import type { ParticleBoxes } from "./boxes.js";

/**
 * Class names in order of appearance, and the class of each particle of a labelled list.
 * @throws FormatError when a particle has no class, or all have the same.
 */
export function classesOf({ path, list }: ParticleBoxes): { names: string[]; labels: number[] } {
  const names: string[] = [];
  const labels = list.particles.map(({ className, classNumber }, index) => {
    const name = className?.trim() || (classNumber === undefined ? "" : `class ${classNumber}`);
    if (name === "" || name === "None")
      throw new FormatError("the example does not say which class it is of", `${path}, particle ${index + 1}`, {
        hint: "Give every example a class name in column _cosnetClassName, or a number in _rlnClassNumber.",
      });
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  });
  if (names.length < 2)
    throw new FormatError(`all examples are of one class, ${names[0]}`, path, {
      hint: "Give examples of at least two classes; without a second one every particle would be of the first.",
    });
  return { names, labels };
}

/** Protein should be brighter than its surroundings; examples that are darker in the middle hint at the other sign. */
export function contrastWarnings(
  { volumes, grids }: Pick<ParticleBoxes, "volumes" | "grids">,
  { inverted, what = "examples" }: { readonly inverted?: boolean | undefined; readonly what?: string },
): string[] {
  const voxels = volumes.length / grids.length;
  const edge = Math.round(Math.cbrt(voxels));
  const centre = Math.floor(edge / 2);
  let inner = 0;
  let count = 0;
  for (let i = 0; i < volumes.length; i++) {
    const v = i % voxels;
    const [z, y, x] = [Math.floor(v / edge ** 2), Math.floor(v / edge) % edge, v % edge];
    if (Math.hypot(z - centre, y - centre, x - centre) > edge / 8) continue;
    inner += volumes[i]!;
    count++;
  }
  if (inner / count > -0.3) return [];
  return [
    `the ${what} are ${(inner / count).toFixed(1)} standard deviations darker in the middle than on average: ${
      inverted ? "was --invert needed?" : "if protein is dark in your files, add --invert"
    }`,
  ];
}
