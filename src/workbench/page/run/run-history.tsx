import type { RunRecord } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { countText, durationText } from "../parts/number-text.js";
import { runs } from "../state/project.js";
import { shownRun } from "../state/results.js";
import { copyCommand, saveReport } from "../state/runs.js";
import { runId } from "../state/view.js";

/** Which run is shown, what it warned of, its report, and the command that does the same. */
export function RunHistory() {
  const run = shownRun.value;
  const ended = runs.value.filter(({ state }) => state === "done");
  if (!run) return null;
  return (
    <div class="run-history">
      <select
        aria-label="Run that is shown"
        value={run.id}
        onChange={({ currentTarget }) => (runId.value = currentTarget.value)}
      >
        {ended.toReversed().map((item) => (
          <option key={item.id} value={item.id}>
            {runText(item)}
          </option>
        ))}
      </select>
      <div class="row">
        <button type="button" class="small" onClick={() => void saveReport(run.id)}>
          <Icon name="download" />
          Report
        </button>
        <button type="button" class="small" title={run.command} onClick={() => void copyCommand(run.command)}>
          <Icon name="copy" />
          Copy command line
        </button>
      </div>
      {run.warnings.length > 0 && (
        <details class="note">
          <summary>{countText(run.warnings.length, "warning")} of this run</summary>
          <ul>
            {run.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** "Run 3: 143 picks, 14:05, 2 min" */
function runText({ id, picks, startedAt, seconds }: RunRecord): string {
  const time = new Date(startedAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const parts = [picks !== undefined && countText(picks, "pick"), time, seconds !== undefined && durationText(seconds)];
  return `Run ${id.replace("run-", "")}: ${parts.filter(Boolean).join(", ")}`;
}
