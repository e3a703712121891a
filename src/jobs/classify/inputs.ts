import { listedVoxelSize, openParticleBoxes, type ParticleBoxes } from "../../files/particles/index.js";
import type { Embedder } from "../../infer/index.js";
import { classesOfExamples } from "../../io/index.js";
import { allExampleBoxes, readExampleBoxes } from "../examples/index.js";
import { contrastOfLists, invertBoxes, measureGivenTomogram, someBoxes } from "../search/index.js";
import type { Classified } from "./classified.js";
import type { ClassifySettings } from "./options.js";

export type ClassifyInputs = Pick<
  Classified,
  "names" | "labels" | "supports" | "exampleSources" | "queries" | "contrast" | "tomogram"
>;

/** Reads both lists and turns their boxes so that protein is bright. @throws as `classify`. */
export async function readInputs({ description }: Embedder, settings: ClassifySettings): Promise<ClassifyInputs> {
  const { examples, particlesPath, tomogramPath, voxelSizeAngstrom, adapt, seed, signal, onProgress, onWarning } =
    settings;
  const { edge } = description;
  const reading = {
    ...{ edge, voxelSizeAngstrom: description.voxelSizeAngstrom, fileVoxelSizeAngstrom: voxelSizeAngstrom },
    ...{ tomogramPath, restored: adapt, signal, onProgress },
  };
  await using reader = await openParticleBoxes(particlesPath, reading);
  const { list } = reader;
  const listed = tomogramPath === undefined ? undefined : listedVoxelSize(list, particlesPath);
  // Examples come first: they are few, and what is wrong with them is said before thousands of particles are read.
  const given = await readExampleBoxes(examples, { ...reading, listedVoxelSize: listed, seed });
  const { measured } = given;
  const examplesAsRead = allExampleBoxes(given, description);
  const { names, labels } = classesOfExamples(examplesAsRead.list, examplesAsRead.path);
  const boxes = await reader.read(0, list.particles.length);
  const queries: ParticleBoxes = { path: particlesPath, list, ...boxes, warnings: reader.warnings() };
  const tomogram =
    tomogramPath === undefined ? undefined : await measureGivenTomogram(tomogramPath, description, listed, settings);
  for (const warning of new Set([...(measured?.warnings ?? []), ...queries.warnings])) onWarning?.(warning);
  const contrast = contrastOfLists(someBoxes(queries, edge), measured && someBoxes(measured, edge), {
    ...{ ...settings, edge, skewness: tomogram?.skewness },
  });
  if (measured) invertBoxes(measured, edge, contrast.examples);
  invertBoxes(queries, edge, contrast.particles);
  const supports = allExampleBoxes(given, description);
  return { names, labels, supports, exampleSources: given.sources, queries, contrast, tomogram };
}
