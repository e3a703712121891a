/** A run of any kind. */
import type { RunRequest } from "../../../protocol/index.js";
import { average, planAverage } from "./average.js";
import type { Job } from "./jobs.js";
import type { Outcome, Plan, PlanContext, WorkContext } from "./kind.js";
import { pickByPlan, planPick } from "./pick.js";
import { planSegment, segmentByPlan } from "./segment.js";

/** @throws ConfigError when there is nothing to do; FileError, FormatError. */
export function planRun(request: RunRequest, context: PlanContext): Promise<Plan> {
  switch (request.kind) {
    case "pick":
      return planPick(request, context);
    case "segment":
      return planSegment(request, context);
    case "average":
      return planAverage(request, context);
  }
}

/** Does the job to its end. @throws as the verb; AbortError. */
export function doJob(job: Job, context: WorkContext): Promise<Outcome> {
  switch (job.kind) {
    case "pick":
      return pickByPlan(job, context);
    case "segment":
      return segmentByPlan(job, context);
    case "average":
      return average(job, context);
  }
}
