import type { FoundSymmetry, PointGroupName } from "../../../volume/index.js";
import type { Subtomogram } from "../../align/subtomogram.js";
import type { AngularAgreement } from "../confirmation.js";
import type { HalfMaps } from "../half-maps.js";
import type { AbInitioState, IterationReport } from "./ab-initio.js";
import type { LikelyPose } from "./likely-pose.js";
import type { RowStore } from "./particle-band.js";
import type { RefinementReport } from "./refine.js";
import type { RefiningState } from "./refine-with-symmetry.js";
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

/** What an iteration of the search or a round of refinement has come to. */
export type AveragingReport =
  | ({
      readonly step: "searching";
      readonly part: SearchedPart;
      readonly done: number;
      readonly total: number;
    } & IterationReport)
  | ({ readonly step: "refining"; readonly done: number; readonly total: number } & RefinementReport);

/** Particles that are searched together, or either half. */
export type SearchedPart = "together" | "first" | "second";

/** How far averages are: particles that were gone through, in a search and a refinement once in each iteration. */
export interface AveragingProgress {
  readonly step: "reading" | "beginning" | "searching" | "refining" | "summing";
  /** Of a search. */
  readonly part?: SearchedPart;
  readonly done: number;
  readonly total: number;
}

/** What has been found by searching all particles together, where they begin so, and either half, and by refining; plain data. */
export interface AveragingState {
  readonly together?: AbInitioState;
  readonly first?: AbInitioState;
  readonly second?: AbInitioState;
  readonly refined?: RefiningState;
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
   * A point group that the particles have, or "find" (default) for the largest that the averages show. One that is given is believed and used
   * wherever there is something to place its axes by: `Average.symmetry` says which was, and whether the halves show it by themselves.
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
  /**
   * Where the low frequencies of the particles wait, rows of `length` numbers; default in memory. Rows that are there already are
   * taken for those of the first particles, which are then not read: particles and options must be the same.
   */
  readonly openRows?: ((length: number) => RowStore | Promise<RowStore>) | undefined;
  /** Called with every particle that was gone through, or every few. */
  readonly onProgress?: ((progress: AveragingProgress) => void) | undefined;
  /** Called after every iteration and round. */
  readonly onReport?: ((report: AveragingReport) => void) | undefined;
  /**
   * Called after every iteration and round, and within those of many particles, with all that is needed to go on from there. Work
   * goes on when what it returns has resolved.
   */
  readonly onState?: ((state: AveragingState) => void | Promise<void>) | undefined;
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
   * Where the halves agree to half of the particle's diameter or finer: how far they do without their round parts, from there to where
   * they are said to agree. A ball is the same whatever its particles' poses.
   */
  readonly angular: AngularAgreement | undefined;
  /**
   * Whether the particles show it: both halves agree (0.143, corrected for the mask) to half of the particle's diameter or finer and
   * to more than they began with together, they agree without their round parts as well, and the average explains the particles better
   * than noise does. Halves of pure noise agree to about their diameter, because they are turned onto each other.
   */
  readonly isConfirmed: boolean;
  /**
   * The symmetry that was imposed on it, its axes where RELION has those of the point group; C1 for none. `isSeen` of one that a user gave
   * says whether the halves keep to it in their final poses before it is imposed.
   */
  readonly symmetry: FoundSymmetry;
}

/**
 * What came of averaging. The halves share where they began, to 60 Å or, of few particles, to 48 Å, and nothing else: what both show
 * beyond is in the particles.
 */
export interface AveragedParticles {
  /** The largest first. */
  readonly averages: readonly Average[];
  readonly particles: readonly AveragedParticle[];
}
