import type { RunRecord } from "../../protocol/index.js";
import { IconButton } from "../parts/icon-button.js";
import { countText, durationText } from "../parts/number-text.js";
import { searches, shownRun } from "../state/results.js";
import { copyCommand, openReport } from "../state/runs.js";
import { runId } from "../state/view.js";
import { RunWarnings } from "./run-warnings.js";

/** Which run is shown, what it warned of, its report, and the command that does the same. */
export function RunHistory() {
  const run = shownRun.value;
  if (!run) return null;
  return (
    <div class="run-history">
      <div class="row">
        <select
          class="grow"
          aria-label="Run that is shown"
          title={run.seconds === undefined ? "" : `It took ${durationText(run.seconds)}`}
          value={run.id}
          onChange={({ currentTarget }) => (runId.value = currentTarget.value)}
        >
          {searches.value.toReversed().map((item) => (
            <option key={item.id} value={item.id}>
              {runText(item)}
            </option>
          ))}
        </select>
        <IconButton icon="file" label="Open the report of this run" onClick={() => void openReport(run.id)} />
        <IconButton
          icon="copy"
          label="Copy the command line that does the same"
          onClick={() => void copyCommand(run.command)}
        />
      </div>
      <RunWarnings run={run} />
    </div>
  );
}

/** "Run 3: 143 picks, 14:05", "Run 4: 96 picks of a list, 14:09" */
function runText({ id, picks, startedAt, request }: RunRecord): string {
  const time = new Date(startedAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const list = request.kind === "pick" && request.listed && "of a list";
  const parts = [picks !== undefined && [countText(picks, "pick"), list].filter(Boolean).join(" "), time];
  return `Run ${id.replace("run-", "")}: ${parts.filter(Boolean).join(", ")}`;
}
