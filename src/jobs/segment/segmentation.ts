import type { Adaptation } from "../../infer/index.js";
import type { ParticleClasses, ParticleList } from "../../io/index.js";
import type { GivenTomogram, ListContrast } from "../search/index.js";
import type { SegmentedParticles } from "./particles.js";

/** All that has been found of a list's particles, before anything is written. */
export interface Segmentation extends SegmentedParticles {
  /** How many masks were made with those of like particles; undefined where that was not asked for. */
  readonly combined: number | undefined;
  readonly listPath: string;
  readonly list: ParticleList;
  readonly classes: ParticleClasses;
  /** Of the tomogram that the particles lie in; undefined where each has a box of its own. */
  readonly grid: GivenTomogram | undefined;
  readonly contrast: Readonly<Record<"particles" | "examples", ListContrast>>;
  /** Boxes as the network sees them. */
  readonly network: { readonly edge: number; readonly voxelSizeAngstrom: number };
  readonly adaptation: Adaptation;
  /** All that was said, in order. */
  readonly warnings: readonly string[];
  /** Name and checksum. */
  readonly model: string;
}
