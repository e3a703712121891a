import type { FoundSymmetry, PointGroupName } from "../../../volume/index.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { HalfMaps } from "../half-maps.js";
import type { AbInitioState, IterationReport } from "./ab-initio.js";
import type { LikelyPose } from "./iteration.js";
import type { RefinementReport } from "./refine.js";
import type { KnownStart } from "./starts.js";

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
      readonly part: keyof AveragingState;
      readonly done: number;
      readonly total: number;
    } & IterationReport)
  | ({ readonly step: "refining"; readonly done: number; readonly total: number } & RefinementReport)
  | ({ readonly step: "summing" } & { readonly done: number; readonly total: number });

/** What has been found of all particles together, where they begin so, and of either half; plain data, for `AverageOptions.state`. */
export interface AveragingState {
  readonly together?: AbInitioState;
  readonly first?: AbInitioState;
  readonly second?: AbInitioState;
}

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
  /**
   * What to begin from: an example that was clicked, or a map; of several the one from which a first look goes farthest. Default
   * the best of a few particles. For one reference only.
   */
  readonly start?: readonly KnownStart[] | undefined;
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
   * Whether the particles show it: both halves agree (0.143, corrected for the mask) to half of the particle's diameter or finer and
   * to more than they began with together, and the average explains the particles better than noise does. Halves of pure noise
   * agree to about their diameter, because they are turned onto each other.
   */
  readonly isConfirmed: boolean;
  /** The symmetry it was given, its axes where RELION has those of the point group. */
  readonly symmetry: FoundSymmetry;
}

/**
 * What came of averaging. The halves share nothing, not even where they began, unless there are few particles or a start: what both
 * show is in the particles.
 */
export interface AveragedParticles {
  /** The largest first. */
  readonly averages: readonly Average[];
  readonly particles: readonly AveragedParticle[];
}
