import type { Interval } from "../../../evaluate/index.js";
import type { Measurement } from "../measurement.js";

/** How particles are compared: by embeddings and orientations, each of both alone, and by simpler ways beside. */
export type Comparison = "cosnet" | "embeddings" | "templateCorrelation" | "radialProfile" | "powerSpectrum";

/** Fraction of the episodes that were answered rightly, with its 95 % interval over episodes. */
export interface EpisodeAccuracy {
  readonly accuracy: number;
  readonly ci95: Interval;
}

/** Accuracy of an n-way-k-shot task, the same episodes for all comparisons. */
export interface EpisodeRow {
  /** "varied": as it differs between microscopes, reconstructions and users. */
  readonly imaging: "standard" | "varied";
  readonly way: number;
  readonly shot: number;
  readonly snr: number;
  readonly particlesPerClass: number;
  readonly byComparison: Readonly<Record<Comparison, EpisodeAccuracy>>;
}

export type PlannedEpisodes = Measurement<readonly EpisodeRow[]>;
