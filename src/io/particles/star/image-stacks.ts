import type { Particle, ParticleList } from "../model/particle-list.js";

/**
 * Whether a particle's image is a stack of 2-D images or one of them ("12@stack.mrcs"), as RELION 5 and WarpTools extract
 * pseudo-subtomograms, and no box of voxels.
 */
export function hasImageStack({ general }: Pick<ParticleList, "general">, { imageName }: Particle): boolean {
  if (imageName === undefined) return false;
  return general?.columns.get("rlnTomoSubTomosAre2DStacks")?.[0] === "1" || /^\d+@|\.mrcs$/i.test(imageName);
}

/** What to do about it. */
export const IMAGE_STACK_HINT =
  "Extract 3-D subtomograms (RELION 5: write output as 2D stacks: No; WarpTools: ts_export_particles --3d), give the tomogram that the positions are in (--tomogram), or put the tomograms.star that the images were extracted with, or its optimisation set, beside the list.";
