import type { ParticleBoxes } from "./boxes.js";

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
