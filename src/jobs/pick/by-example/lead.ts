/** What the examples that lie in the tomograms say of where to look: the same for all tomograms that are searched together. */
import {
  type FeatureMap,
  featuresAt,
  isFilament,
  type LikenessMap,
  likenessMaps,
  type Prompt,
} from "../../../infer/index.js";
import type { SearchedTomogram } from "../../search/index.js";
import type { PickScale } from "../scales.js";
import { emptyExamples } from "./empty.js";
import { filamentReason } from "./filaments.js";
import type { GreyEvidence } from "./grey-evidence.js";
import { type OwnExample, ownExamples } from "./own-examples.js";

/** A tomogram, and what its grey values tell. */
export interface MeasuredTomogram {
  readonly searched: SearchedTomogram;
  readonly greys: GreyEvidence;
}

/** What leads the search. */
export interface Lead {
  /** What the detector sees at each example, standardised over its tomogram. */
  readonly prompts: readonly Prompt[];
  /** Classes that are filaments, and why they are taken to be. */
  readonly filaments: ReadonlyMap<number, string>;
  /** Classes at whose examples there is nothing: they are not picked. */
  readonly empty: ReadonlySet<number>;
}

/**
 * The lead of the examples that lie in any of the tomograms; none where the detector tells no features or the model does not
 * compare by cosines.
 * @throws FileError, ModelError, AbortError.
 */
export async function leadingExamples(tomograms: readonly MeasuredTomogram[], scale: PickScale): Promise<Lead> {
  const { networks, examples, settings } = scale;
  const { labels, classCount } = examples.supports;
  const prompts: Prompt[] = [];
  const votes = new Map<number, boolean[]>();
  const empty = new Set<number>();
  if (networks.embedder.description.similarity === "cosine")
    for (const { searched, greys } of tomograms) {
      const own = await ownExamples(searched, scale);
      const { features, grid } = searched;
      if (!features || own.length === 0) continue;
      const of = promptsOf(features, grid.voxelSizeAngstrom, own, classCount);
      for (const prompt of of.prompts) prompts.push(prompt);
      for (const [i, { classIndex }] of own.entries())
        votes.set(classIndex, [...(votes.get(classIndex) ?? []), of.areFilaments[i]!]);
      if (settings.closedSet) continue;
      const blobs = own.filter((_, i) => !of.areFilaments[i]);
      for (const index of await emptyExamples(searched, blobs, scale, greys)) empty.add(index);
    }
  const classes = [...Array(classCount).keys()];
  const filaments = classes.flatMap((label): [number, string][] => {
    const reason = filamentReason(examples.names[label]!, votes.get(label) ?? [], settings);
    return reason === undefined ? [] : [[label, reason]];
  });
  const led = filaments.filter(([label]) => votes.has(label));
  for (const [label] of filaments)
    if (!votes.has(label))
      settings.onWarning?.(
        `${examples.names[label]} is said to be a filament, but no example leads along it: its picks are spaced as those of particles are`,
      );
  return {
    prompts,
    filaments: new Map(led),
    empty: new Set(classes.filter((label) => labels.every((other, i) => other !== label || empty.has(i)))),
  };
}

/** What the detector sees at the examples of a tomogram, and which of them are pieces of filaments. */
function promptsOf(map: FeatureMap, voxel: number, own: readonly OwnExample[], classCount: number) {
  const at = own.map(({ positionAngstrom: { x, y, z } }) => ({ x: x / voxel, y: y / voxel, z: z / voxel }));
  const prompts = own.map(({ classIndex }, i): Prompt => ({ features: featuresAt(map, at[i]!), classIndex }));
  const maps = likenessMaps(map, prompts, classCount).map(
    (values): LikenessMap => ({ values, shape: map.shape, cellVoxels: map.cellVoxels }),
  );
  return { prompts, areFilaments: own.map(({ classIndex }, i) => isFilament(maps[classIndex]!, at[i]!)) };
}
