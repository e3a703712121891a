import type { RunRecord } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { cancelRun } from "../state/runs.js";
import { StageProgress } from "./stage-progress.js";

/** How far a run is, and a way to stop it. */
export function RunProgressBar({ run }: { readonly run: RunRecord }) {
  return (
    <div class="run-progress">
      <StageProgress runId={run.id} note="You can go on looking at sections meanwhile." />
      <button type="button" onClick={() => void cancelRun(run.id)}>
        <Icon name="stop" />
        Cancel
      </button>
    </div>
  );
}
