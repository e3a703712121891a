import type { RunRecord } from "../../protocol/index.js";
import { Icon } from "../parts/icon.js";
import { timeLeftText } from "../parts/number-text.js";
import { progress } from "../state/project.js";
import { cancelRun } from "../state/runs.js";

/** Stage, how far it is, and time left. */
export function RunProgressBar({ run }: { readonly run: RunRecord }) {
  const now = progress.value?.runId === run.id ? progress.value : undefined;
  const stage = now?.stage ?? "beginning";
  return (
    <div class="run-progress">
      <div class="row">
        <b class="grow">{capital(stage)}</b>
        <button type="button" onClick={() => void cancelRun(run.id)}>
          <Icon name="stop" />
          Cancel
        </button>
      </div>
      {now && now.total > 0 ? (
        <progress aria-label={stage} max={now.total} value={now.done} />
      ) : (
        <progress aria-label={stage} />
      )}
      <p class="quiet">
        {now?.secondsLeft === undefined
          ? "You can go on looking at sections meanwhile."
          : timeLeftText(now.secondsLeft)}
      </p>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
