import { join } from "node:path";
import { type Complex, proceduralComplex } from "../../simulate/index.js";
import { drawScene } from "../../train/index.js";
import type { Shape3 } from "../../volume/index.js";
import { type SpecimenRequest, trainingSpecimens } from "../training/index.js";
import type { TrainingRecipe, TrainOptions } from "./options.js";

/** The simulated tomograms that a part of each batch is cut from, where the recipe has any. */
export async function specimensOf(
  { specimens, seed }: TrainingRecipe,
  structures: readonly Complex[],
  { outputFolder, threads = 2, onProgress, signal }: TrainOptions,
) {
  if (!specimens) return undefined;
  const { count, shape, classes } = specimens;
  const scenes = Array.from({ length: count }, (_, i) => crowdedScene(`training-${i}`, structures, shape));
  const options = { folder: join(outputFolder, "specimens"), seed, threads, onProgress, signal };
  return { classes, specimens: await trainingSpecimens(scenes, options) };
}

/** Classes of a specimen that a classifier learns from; every fourth is a structure where there are any. */
const CROWDED_CLASSES = 28;

/** A varied scene of many classes, so that each meets many others that were imaged together with it. */
function crowdedScene(name: string, structures: readonly Complex[], shape: Shape3): SpecimenRequest {
  return {
    name,
    draw(random) {
      const given = random
        .sample(structures.length, Math.min(structures.length, CROWDED_CLASSES / 4))
        .map((index) => structures[index]);
      const complexes = Array.from(
        { length: CROWDED_CLASSES },
        (_, i) => given[i] ?? proceduralComplex(random.fork("complex", i)),
      );
      return { complexes, scene: drawScene(random, complexes.length, shape) };
    },
  };
}
