/** Runs of cosnet's verbs on the project, and what they found. */

/** A list of particles in a tomogram of the project. */
export interface ListedParticles {
  readonly tomogramId: string;
  /** The list, of any format, or the folder of a copick project. */
  readonly path: string;
}

/** A search of the project's tomograms by its examples: what a person may choose; the rest is as `cosnet pick` has it. */
export interface PickRequest {
  readonly kind: "pick";
  /** Say what each particle of a list is, in place of a search. */
  readonly listed?: ListedParticles | undefined;
  readonly particleDiameterAngstrom?: number | undefined;
  readonly detectionThreshold?: number | undefined;
  /** Every candidate is of one of the classes. */
  readonly closedSet?: boolean;
  /** Write a mask for every pick, which surfaces are made of. */
  readonly masks?: boolean;
  readonly seed?: number;
}

/** Masks and surfaces of the picks of a search, as they stand after thresholds and verdicts, by `cosnet segment`. */
export interface SegmentRequest {
  readonly kind: "segment";
  readonly ofRunId: string;
  /** Particles that touch share out what is between them. */
  readonly joint?: boolean;
}

/** The mean particle of each class of a search's picks, as they stand after thresholds and verdicts, by `cosnet average`. */
export interface AverageRequest {
  readonly kind: "average";
  readonly ofRunId: string;
  /** Undefined: all that have picks enough. */
  readonly classIds?: readonly string[] | undefined;
  /** A point group such as D7; undefined: the largest that the averages show. */
  readonly symmetry?: string | undefined;
}

export type RunRequest = PickRequest | SegmentRequest | AverageRequest;

type RunState = "running" | "done" | "failed" | "cancelled";

export interface RunRecord {
  /** "run-1" */
  readonly id: string;
  readonly state: RunState;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds?: number | undefined;
  readonly request: RunRequest;
  /** Found by a search; segmented, or in an average. */
  readonly picks?: number | undefined;
  readonly candidates?: number | undefined;
  readonly warnings: readonly string[];
  readonly error?: WorkbenchFailure | undefined;
  /** The command that does the same without the page; a line for each tomogram where it takes one. */
  readonly command: string;
}

/** A `CosnetError` as it crosses between engine and page. */
export interface WorkbenchFailure {
  readonly tag: string;
  readonly reason: string;
  readonly where?: string | undefined;
  readonly hint?: string | undefined;
}

export interface RunProgress {
  readonly runId: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft?: number | undefined;
}

/** Why a candidate is no pick, by its number in `CandidateTable.rejection`; 0 is a pick. */
export const REJECTION_REASONS = [
  "pick",
  "none",
  "negative",
  "empty",
  "border",
  "cut-off",
  "unidentified",
  "same",
] as const;

/** The candidates of one tomogram in columns, in the order of candidates.star. */
export interface CandidateTable {
  readonly tomogramId: string;
  readonly count: number;
  /** `[count, 3]`: x, y, z in voxels of the file. */
  readonly positions: Float32Array;
  /** Index into `RunResults.classIds`; 255 for none. */
  readonly classIndex: Uint8Array;
  /** Probability of the class. */
  readonly probability: Float32Array;
  readonly detectionScore: Float32Array;
  readonly radiusAngstrom: Float32Array;
  /** Index into `REJECTION_REASONS`. */
  readonly rejection: Uint8Array;
}

export interface RunResults {
  readonly runId: string;
  readonly classIds: readonly string[];
  readonly tables: readonly CandidateTable[];
}

/** A 2-D map of the candidates' embeddings, in the order of the tables one after the other. */
export interface EmbeddingMap {
  /** `[candidates, 2]` */
  readonly positions: Float32Array;
}

/** What the other examples say of one. */
export interface ExampleJudgement {
  readonly exampleId: string;
  /** The class that the others give to it; undefined where they cannot say (the only one of its class). */
  readonly judgedClassId?: string | undefined;
  /** Similarity to the other examples of its class. */
  readonly similarity?: number | undefined;
  /** What is odd, in a sentence. */
  readonly warning?: string | undefined;
}

/** A surface as triangles, in voxels of the tomogram's file. */
export interface Surface {
  /** `[vertices, 3]` */
  readonly positions: Float32Array;
  /** `[triangles, 3]` */
  readonly indices: Uint32Array;
}

export interface ExportFormat {
  readonly id: string;
  /** "RELION 5 (STAR)" */
  readonly name: string;
  readonly extension: string;
}

export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
