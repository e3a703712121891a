import { createStagePaces, type ProgressReport } from "../../../progress.js";
import type { EngineEvent } from "../../protocol/index.js";

/** A person sees no more often that something goes on. */
const PROGRESS_INTERVAL_MILLISECONDS = 200;

/** Reports as events, with the time left; not more than people can read. */
export function progressEvents(runId: string, onEvent: (event: EngineEvent) => void): (report: ProgressReport) => void {
  const paceOf = createStagePaces(() => performance.now());
  let last = Number.NEGATIVE_INFINITY;
  return (report) => {
    const { isNewStage, secondsLeft } = paceOf(report);
    const now = performance.now();
    const isEnd = report.total > 0 && report.done >= report.total;
    if (!isNewStage && !isEnd && now - last < PROGRESS_INTERVAL_MILLISECONDS) return;
    last = now;
    const { stage, done, total } = report;
    onEvent({ type: "progress", progress: { runId, stage, done, total, secondsLeft } });
  };
}
