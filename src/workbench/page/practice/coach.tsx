import { untracked, useSignalEffect } from "@preact/signals";
import { IconButton } from "../parts/icon-button.js";
import { endPractice, nextSuggestion, practiceIsOpen, shownPractice, showSuggestion } from "../state/practice.js";
import { runs } from "../state/project.js";
import { shownRun } from "../state/results.js";
import { TruthTable } from "./truth-table.js";

/** Leads through the practice, a step at a time. */
export function Coach() {
  useSignalEffect(() => {
    if (nextSuggestion.value && practiceIsOpen.value) untracked(showSuggestion);
  });
  const practice = shownPractice.value;
  if (!practice) return null;
  return (
    <section class="coach" aria-label="Practice" aria-live="polite">
      <header class="row">
        <b class="grow">Practice: {stepName()}</b>
        <IconButton icon="cross" label="End the practice" onClick={endPractice} />
      </header>
      <CoachText />
    </section>
  );
}

function stepName(): string {
  const count = shownPractice.value?.suggestions.length ?? 0;
  if (nextSuggestion.value) {
    const done = shownPractice.value?.suggestions.indexOf(nextSuggestion.value) ?? 0;
    return `particle ${done + 1} of ${count}`;
  }
  return shownRun.value ? "what came of it" : "find the others";
}

function CoachText() {
  const suggestion = nextSuggestion.value;
  if (suggestion)
    return (
      <>
        <p>
          Click the particle in the yellow ring, and call it <b>{suggestion.className}</b>.
        </p>
        <button type="button" class="small" onClick={showSuggestion}>
          Show me where it is
        </button>
      </>
    );
  if (runs.value.some(({ state, request }) => state === "running" && request.kind === "pick"))
    return <p>cosnet looks for everything like your examples. Meanwhile, scroll through the sections.</p>;
  if (shownRun.value)
    return (
      <>
        <p>This tomogram was made, so the truth is known:</p>
        <TruthTable runId={shownRun.value.id} />
        <p class="quiet">Now move a threshold, or correct picks in the gallery and find particles again.</p>
      </>
    );
  return (
    <p>
      One example of each kind is there. Press <b>Find particles</b> on the right.
    </p>
  );
}
