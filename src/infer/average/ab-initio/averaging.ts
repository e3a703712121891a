import type { FoundSymmetry, PointGroupName } from "../../../volume/index.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { HalfMaps } from "../half-maps.js";
import type { AbInitioState, IterationReport } from "./ab-initio.js";
import type { LikelyPose } from "./iteration.js";
import type { RefinementReport } from "./refine.js";

/** Particles that are read when they are asked for; more than once. */
export interface ParticleSource {
  /** How many there are. */
  readonly count: number;
  /** Voxels along the edge of every box. */
  readonly edge: number;
  /** Edge of the voxels. */
  readonly voxelSizeAngstrom: number;
  /** The particle of this index, counted from 0. */
  read(index: number): Subtomogram | Promise<Subtomogram>;
}

/** What is told while averages are made. */
export type AveragingReport =
  | ({ readonly step: "reading" } & { readonly done: number; readonly total: number })
  | ({
      readonly step: "searching";
      readonly half: 0 | 1;
      readonly done: number;
      readonly total: number;
    } & IterationReport)
  | ({ readonly step: "refining"; readonly done: number; readonly total: number } & RefinementReport)
  | ({ readonly step: "summing" } & { readonly done: number; readonly total: number });

/** What has been found of either half; plain data, for `AverageOptions.state`. */
export type AveragingState = readonly [AbInitioState | undefined, AbInitioState | undefined];

/** How particles are averaged without a reference. */
export interface AverageOptions {
  /** Of the particle, from end to end. */
  readonly diameterAngstrom: number;
  /** How many different things the particles may be; default 1. */
  readonly references?: number;
  /** How far from the middle of its box a particle may lie, along each axis; default 2 voxels. */
  readonly largestShiftVoxels?: number;
  /** Poses are found by nothing finer; default 2.2 voxels. */
  readonly finestAngstrom?: number;
  /**
   * A point group, or "find" (default) for the largest that the averages show. One that they do not show is not used:
   * `Average.symmetry` says which was.
   */
  readonly symmetry?: PointGroupName | "find";
  /** The particle to begin from, such as the one that was clicked; default the best of a few. For one reference only. */
  readonly start?: number | undefined;
  /** What every random choice follows from. */
  readonly seed: string | number;
  /** Of ONNX Runtime. */
  readonly threads?: number | undefined;
  /** Where a run that was stopped had come to. Particles and options must be the same. */
  readonly state?: AveragingState | undefined;
  /** Called with every particle read or summed, and every iteration. */
  readonly onReport?: ((report: AveragingReport) => void) | undefined;
  /** Called after each iteration of the search with all that is needed to go on from there. */
  readonly onState?: ((state: AveragingState) => void) | undefined;
  /** Aborting it ends the run with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** A particle's pose in the frame of the average it belongs to. */
export interface AveragedParticle extends LikelyPose {
  /** The half whose average it is in. */
  readonly half: 0 | 1;
  /** Noise explains it as well as any average does: it is in no average. */
  readonly isSetAside: boolean;
}

/** One of the averages, in boxes of the particles' own edge. */
export interface Average extends HalfMaps {
  /** Particles in it. */
  readonly count: number;
  /**
   * Whether the particles show it: both halves agree (0.143, corrected for the mask) to half of the particle's diameter or finer, and
   * the average explains the particles better than noise does. Halves of pure noise agree to about their diameter, because
   * they are turned onto each other.
   */
  readonly isConfirmed: boolean;
  /** The symmetry it was given, its axes where RELION has those of the point group. */
  readonly symmetry: FoundSymmetry;
}

/** What came of averaging. The halves share nothing, not even where they began: what both show is in the particles. */
export interface AveragedParticles {
  /** The largest first. */
  readonly averages: readonly Average[];
  readonly particles: readonly AveragedParticle[];
}
