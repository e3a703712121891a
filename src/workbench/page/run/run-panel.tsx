import { useSignal } from "@preact/signals";
import { Icon } from "../parts/icon.js";
import { openDialog } from "../state/dialogs.js";
import { listed, listName } from "../state/listed.js";
import { tomogramName } from "../state/markers.js";
import { project, runs } from "../state/project.js";
import { searches, shownRequest } from "../state/results.js";
import { beginPick, runIsStarting, whatIsMissing } from "../state/runs.js";
import { RunFailure } from "./run-failure.js";
import { RunHistory } from "./run-history.js";
import { RunOptionsForm } from "./run-options-form.js";
import { RunProgressBar } from "./run-progress-bar.js";
import { StoppedRun } from "./stopped-run.js";

/** Begins a search, says how far it is, and shows earlier ones. */
export function RunPanel() {
  const running = runs.value.find(({ state }) => state === "running");
  const last = runs.value.at(-1);
  return (
    <section class="panel" aria-label="Find particles">
      {running ? (
        <RunProgressBar run={running} />
      ) : (
        <>
          <RunButton />
          {last?.state === "failed" && <RunFailure run={last} />}
          {last?.state === "cancelled" && <StoppedRun run={last} />}
        </>
      )}
      <RunHistory />
    </section>
  );
}

function RunButton() {
  const showsOptions = useSignal(false);
  const missing = whatIsMissing();
  const what = listed.value ? "Name particles" : "Find particles";
  const isAgain = listed.value ? shownRequest.value?.listed !== undefined : searches.value.length > 0;
  return (
    <>
      <div class="row">
        <button
          type="button"
          class="primary large grow"
          disabled={missing !== undefined || runIsStarting.value}
          aria-describedby="run-missing"
          onClick={() => void beginPick(listed.value)}
        >
          <Icon name="play" />
          {isAgain ? `${what} again` : what}
        </button>
        <button
          type="button"
          class="large"
          aria-expanded={showsOptions.value}
          onClick={() => (showsOptions.value = !showsOptions.value)}
        >
          Options
        </button>
      </div>
      <p id="run-missing" class="quiet">
        {missing ?? (isAgain ? "Your corrections count as examples." : "Looks for everything like the examples.")}
      </p>
      <ListChoice isPossible={missing === undefined} />
      {showsOptions.value && <RunOptionsForm />}
    </>
  );
}

/** Whose particles are named: those of a list, or what a search finds. */
function ListChoice({ isPossible }: { readonly isPossible: boolean }) {
  if (project.value.tomograms.length === 0) return null;
  if (!listed.value)
    return (
      <button
        type="button"
        class="link"
        disabled={!isPossible}
        aria-describedby="run-missing"
        onClick={() => (openDialog.value = "name-list")}
      >
        Name the particles of a list…
      </button>
    );
  return (
    <p class="list-choice">
      Those of <b>{listName(listed.value)}</b> in {tomogramName(listed.value.tomogramId)}.{" "}
      <button type="button" class="link" onClick={() => (listed.value = undefined)}>
        Search instead
      </button>
    </p>
  );
}
