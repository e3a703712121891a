/** What all kinds of runs have in common: each is a file here that plans a job from what was asked for, and does it. */
import type { PickOptions } from "../../../../jobs/pick/index.js";
import type { Progress } from "../../../../progress.js";
import type { Project, RunRecord } from "../../../protocol/index.js";
import type { DecidedList } from "../decided-list.js";
import type { RunTomogram } from "../example-lists.js";
import type { DoneRun } from "../run-file.js";
import type { Job, RunClass } from "./jobs.js";

export type NetworkChoice = Pick<PickOptions, "detector" | "modelPath" | "threads" | "device" | "precision">;

export interface PlanContext {
  /** The run's, where what the job reads is written. */
  readonly folder: string;
  readonly project: Project;
  readonly networks: NetworkChoice;
  /** What is known of the project's tomograms. */
  readonly describe: () => Promise<readonly RunTomogram[]>;
  /** A search that is done, and what stands of its picks. @throws ConfigError for any other run; as its files are read. */
  readonly decided: (runId: string) => Promise<{ readonly run: DoneRun; readonly list: DecidedList }>;
}

export interface Plan<Planned extends Job = Job> {
  readonly job: Planned;
  /** Of `RunRecord`. */
  readonly command: string;
  readonly classes: readonly RunClass[];
  readonly tomograms: readonly RunTomogram[];
}

export interface WorkContext {
  readonly onProgress: NonNullable<Progress["onProgress"]>;
  readonly signal: AbortSignal;
  /** The run's, where all that it leaves is written. */
  readonly folder: string;
  readonly command: string;
  readonly tomograms: readonly RunTomogram[];
  readonly networks: NetworkChoice;
  /** What searches share. */
  readonly shared: Pick<PickOptions, "workRoot" | "keepWork" | "memory">;
  readonly onWarning: (text: string) => void;
  readonly onFound: NonNullable<PickOptions["onFound"]>;
}

export interface Outcome {
  readonly counts: Pick<RunRecord, "picks" | "candidates">;
  readonly warnings: readonly string[];
  /** Where the job has learnt more of them. */
  readonly tomograms?: readonly RunTomogram[];
}
