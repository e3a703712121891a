import { starPairs } from "../../text/star/document.js";
import { writeStar } from "../../text/star/write.js";

/** The files of a set, by the paths that RELION shall find them at. */
export interface OptimisationSet {
  readonly particles: string;
  readonly tomograms: string;
  readonly comments?: readonly string[];
}

/** RELION's optimisation_set.star, which its jobs take instead of a list of particles and one of tomograms. */
export function writeOptimisationSet({ particles, tomograms, comments = [] }: OptimisationSet): string {
  const table = starPairs([
    ["rlnTomoParticlesFile", particles],
    ["rlnTomoTomogramsFile", tomograms],
  ]);
  return writeStar({ blocks: [{ name: "", comments: [...comments, "version 50001"], tables: [table] }] });
}
