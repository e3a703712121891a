import type { HalfMapCorrelation } from "../../../evaluate/index.js";
import type { Quaternion, Volume } from "../../../volume/index.js";
import type { RunInformation } from "../../page/data.js";

/** What the page shows of one iteration. */
export interface AverageIteration {
  /** From 1. */
  readonly iteration: number;
  /** The resolution at 0.143 after it; undefined where the halves had nothing in common. */
  readonly resolutionAngstrom: number | undefined;
  /** By how much orientations changed on average. */
  readonly meanTurnDegrees: number;
}

/** One average. Boxes of `before` and `average` are of the same size. */
export interface AverageReportClass {
  readonly name: string;
  /** Particles that are in the average. */
  readonly particles: number;
  /** Particles of the class that are not, and why, such as ["no better than noise", 12]. */
  readonly setAside: readonly (readonly [why: string, count: number])[];
  readonly average: Volume;
  /** What it began from, and what that was, such as "the example that was clicked". */
  readonly before?: { readonly volume: Volume; readonly what: string } | undefined;
  /** Density at which the surface is drawn. */
  readonly surfaceLevel: number;
  /** Between independent halves; undefined where there were too few particles for halves. */
  readonly correlation: HalfMapCorrelation | undefined;
  /** Corrected FSC at 0.143 and at 0.5, in Å; undefined where it is below from the first shell on. */
  readonly resolutionAngstrom: number | undefined;
  readonly resolutionAtHalfAngstrom: number | undefined;
  /** Point group that was imposed, "C1" for none, and what else is known of it, such as "given" or "found, score 0.93". */
  readonly symmetry: string;
  readonly symmetryNote: string;
  /** Of the particles in the average, from its frame to the tomogram. */
  readonly orientations: readonly Quaternion[];
  readonly iterations: readonly AverageIteration[];
  /** Further sentences about this class: hand, what was assumed. */
  readonly notes: readonly string[];
}

/** What the page of `cosnet average` shows. */
export interface AverageReportData {
  readonly warnings: readonly string[];
  readonly classes: readonly AverageReportClass[];
  /** Commands that take the result further, such as ["Open in ChimeraX", "chimerax ribosome.mrc"]. */
  readonly commands: readonly (readonly [meaning: string, command: string])[];
  readonly outputs: readonly (readonly [meaning: string, path: string])[];
  readonly run: RunInformation;
}
