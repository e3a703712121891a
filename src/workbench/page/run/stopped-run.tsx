import type { RunRecord } from "../../protocol/index.js";
import { resumeRun, runIsStarting } from "../state/runs.js";
import { runTitle } from "./run-titles.js";

/** A run that was cancelled, or was going on when cosnet ended. */
export function StoppedRun({ run: { id, request } }: { readonly run: RunRecord }) {
  return (
    <div class="row stopped-run">
      <p class="quiet grow">{runTitle(request)} was stopped. What it had done is kept.</p>
      <button type="button" class="small" disabled={runIsStarting.value} onClick={() => void resumeRun(id)}>
        Go on
      </button>
    </div>
  );
}
