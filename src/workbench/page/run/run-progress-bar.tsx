import type { RunRecord } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { countText } from "../parts/number-text.js";
import { foundSoFar, identifiedTomogramIds } from "../state/outcome/found-so-far.js";
import { cancelRun } from "../state/runs.js";
import { runTitle } from "./run-titles.js";
import { StageProgress } from "./stage-progress.js";

/** "31 candidates so far", "12 picks so far" */
function foundText(): string | undefined {
  if (foundSoFar.value.length === 0) return undefined;
  const picks = foundSoFar.value.filter(({ rejection }) => rejection === "pick").length;
  return identifiedTomogramIds.value.size > 0
    ? `${countText(picks, "pick")} so far`
    : `${countText(foundSoFar.value.length, "candidate")} so far`;
}

/** How far a run is, and a way to stop it. */
export function RunProgressBar({ run }: { readonly run: RunRecord }) {
  return (
    <div class="run-progress">
      <StageProgress
        title={runTitle(run.request)}
        runId={run.id}
        note="You can go on looking at sections meanwhile."
        found={foundText()}
      />
      <button type="button" onClick={() => void cancelRun(run.id)}>
        <Icon name="stop" />
        Cancel
      </button>
    </div>
  );
}
