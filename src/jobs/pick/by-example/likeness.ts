/** How like a tomogram is to the examples that lie in it, as the detector's encoder sees both. */
import { realPath } from "../../../files/disk/index.js";
import {
  type FeatureMap,
  featuresAt,
  isFilament,
  type LikenessMap,
  likenessMaps,
  type Prompt,
  standardisedFeatures,
} from "../../../infer/index.js";
import type { SearchedTomogram } from "../../search/index.js";
import type { PickScale } from "../scales.js";

/** What the tomogram looks like, cell by cell. */
export interface Likeness {
  readonly map: FeatureMap;
  /** To the examples of each class. */
  readonly maps: readonly Float32Array[];
  /** Classes whose examples are pieces of filaments, with what looks like them. */
  readonly filaments: ReadonlyMap<number, LikenessMap>;
}

/** How like every cell is to the examples that lie in the tomogram; undefined where that cannot be told. */
export async function likenessToExamples(
  { features, grid }: SearchedTomogram,
  { networks, examples: { boxes, supports } }: PickScale,
): Promise<Likeness | undefined> {
  if (!features || networks.embedder.description.similarity !== "cosine") return undefined;
  const tomogram = await realPath(grid.path);
  const inTomogram = boxes.flatMap(({ specimen, positionAngstrom: at }, i) => {
    if (specimen !== tomogram || !at) return [];
    const inVoxels = (value: number) => value / grid.voxelSizeAngstrom;
    return [{ at: { x: inVoxels(at.x), y: inVoxels(at.y), z: inVoxels(at.z) }, classIndex: supports.labels[i]! }];
  });
  if (inTomogram.length === 0) return undefined;
  const map = standardisedFeatures(features);
  const prompts = inTomogram.map(({ at, classIndex }): Prompt => ({ features: featuresAt(map, at), classIndex }));
  const maps = likenessMaps(map, prompts, supports.classCount);
  const filaments = maps.flatMap((values, classIndex): [number, LikenessMap][] => {
    const likeness = { values, shape: map.shape, cellVoxels: map.cellVoxels };
    const pieces = inTomogram.filter((one) => one.classIndex === classIndex).map(({ at }) => isFilament(likeness, at));
    return 2 * pieces.filter(Boolean).length > pieces.length ? [[classIndex, likeness]] : [];
  });
  return { map, maps, filaments: new Map(filaments) };
}
