import { useSignal } from "@preact/signals";
import { Icon } from "../parts/icon.js";
import { examples, project, runs } from "../state/project.js";
import { searches } from "../state/results.js";
import { beginRun, pickRequest, runIsStarting } from "../state/runs.js";
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
          <RunButton hasRun={searches.value.length > 0} />
          {last?.state === "failed" && <RunFailure run={last} />}
          {last?.state === "cancelled" && <StoppedRun run={last} />}
        </>
      )}
      <RunHistory />
    </section>
  );
}

function RunButton({ hasRun }: { readonly hasRun: boolean }) {
  const showsOptions = useSignal(false);
  const missing = whatIsMissing();
  return (
    <>
      <div class="row">
        <button
          type="button"
          class="primary large grow"
          disabled={missing !== undefined || runIsStarting.value}
          aria-describedby="run-missing"
          onClick={() => void beginRun(pickRequest.value)}
        >
          <Icon name="play" />
          {hasRun ? "Find particles again" : "Find particles"}
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
        {missing ?? (hasRun ? "Your corrections count as examples." : "Looks for everything like the examples.")}
      </p>
      {showsOptions.value && <RunOptionsForm />}
    </>
  );
}

/** Why a search cannot begin yet. */
function whatIsMissing(): string | undefined {
  if (project.value.tomograms.length === 0) return "Open a tomogram first.";
  if (!examples.value.some(({ classId }) => classId !== null)) return "Click at least one particle first.";
  return undefined;
}
