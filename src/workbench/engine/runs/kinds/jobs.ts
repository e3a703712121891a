/** What runs do, as their folders keep it, and where in the folders what they leave is. */
import { join } from "node:path";
import type { AverageOptions } from "../../../../jobs/average/index.js";
import type { SegmentOptions } from "../../../../jobs/segment/index.js";
import type { ParticleClass } from "../../../protocol/index.js";
import type { RunPickOptions } from "./pick-command.js";

/** Done again, a job goes on from where it was or begins anew, and ends with the same files. */
export type Job = PickJob | SegmentJob | AverageJob;

export interface PickJob {
  readonly kind: "pick";
  readonly options: RunPickOptions;
}

export interface SegmentJob {
  readonly kind: "segment";
  readonly parts: readonly SegmentPart[];
}

/** The picks of one tomogram. */
export interface SegmentPart {
  readonly tomogramId: string;
  readonly picks: number;
  readonly options: Pick<
    SegmentOptions,
    "tomogramPath" | "particlesPath" | "joint" | "particleDiameterAngstrom" | "modelPath"
  >;
}

export interface AverageJob {
  readonly kind: "average";
  readonly options: Pick<AverageOptions, "particlesPath" | "classNames" | "examples" | "symmetry">;
}

/** Classes as they were when a run began: lists name them, and names may change. */
export type RunClass = Pick<ParticleClass, "id" | "name">;

/** Where a run of `segment` leaves what it found in a tomogram. */
export function segmentFolder(runFolder: string, tomogramId: string): string {
  return join(runFolder, tomogramId);
}

/** Where a run of `average` leaves what it found. */
export function averageFolder(runFolder: string): string {
  return join(runFolder, "average");
}

/** Where a run's report.html is, or will be; that of a tomogram where each has its own. */
export function reportPath(job: Job, runFolder: string, tomogramId: string | undefined): string {
  switch (job.kind) {
    case "pick":
      return join(runFolder, "report", "report.html");
    case "segment": {
      const { parts } = job;
      const part = parts.find((other) => other.tomogramId === tomogramId) ?? parts[0]!; // a job has one at least
      return join(segmentFolder(runFolder, part.tomogramId), "report.html");
    }
    case "average":
      return join(averageFolder(runFolder), "report.html");
  }
}
