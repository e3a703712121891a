import type { JobResult } from "../../progress.js";
import type { EpisodeRow } from "./episodes/rows.js";
import type { MeasuredRow } from "./measured/rows.js";
import type { PickingRow } from "./picking/rows.js";

/** What the hard suite measured. */
export interface HardSuiteResult extends Omit<JobResult, "reportPath"> {
  readonly version: string;
  readonly command: string;
  readonly detector: string;
  readonly classes: readonly string[];
  readonly measured: readonly MeasuredRow[];
  readonly picking: readonly PickingRow[];
  readonly episodes: readonly EpisodeRow[];
  /** Parts without data, in sentences. */
  readonly notRun: readonly string[];
  readonly warnings: readonly string[];
  readonly jsonPath: string;
  readonly pagePath: string;
}
