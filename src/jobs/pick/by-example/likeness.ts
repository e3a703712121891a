/** How like a tomogram is to the examples, as the detector's encoder sees both. */
import { type FeatureMap, type LikenessMap, likenessMaps } from "../../../infer/index.js";
import type { SearchedTomogram } from "../../search/index.js";
import type { Lead } from "./lead.js";

/** What the tomogram looks like, cell by cell. */
export interface Likeness {
  readonly map: FeatureMap;
  /** To the examples of each class. */
  readonly maps: readonly Float32Array[];
  /** Classes that are filaments, with what looks like them. */
  readonly filaments: ReadonlyMap<number, Filament>;
}

/** A class that is a filament. */
export interface Filament {
  /** What looks like it. */
  readonly likeness: LikenessMap;
  /** Why it is taken to be one. */
  readonly reason: string;
}

/** How like every cell is to what leads the search; undefined where that cannot be told. */
export function likenessToExamples(
  { features: map }: SearchedTomogram,
  { prompts, filaments }: Lead,
  classCount: number,
): Likeness | undefined {
  if (!map || prompts.length === 0) return undefined;
  const maps = likenessMaps(map, prompts, classCount);
  const ofFilaments = [...filaments].map(([label, reason]): [number, Filament] => [
    label,
    { reason, likeness: { values: maps[label]!, shape: map.shape, cellVoxels: map.cellVoxels } },
  ]);
  return { map, maps, filaments: new Map(ofFilaments) };
}
