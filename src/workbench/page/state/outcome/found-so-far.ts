/** What a search that goes on has found so far. */
import { computed, effect, signal } from "@preact/signals";
import { type Candidate, candidatesOf, type RunResults } from "../../../protocol/index.js";
import { engine } from "../engine.js";
import { foundEvents, runs } from "../project.js";

const searching = computed(() =>
  runs.value.find(({ state, request }) => state === "running" && request.kind === "pick"),
);
const loaded = signal<RunResults | undefined>();

const foundResults = computed(() =>
  loaded.value !== undefined && loaded.value.runId === searching.value?.id ? loaded.value : undefined,
);

export const foundSoFar = computed<readonly Candidate[]>(() =>
  foundResults.value ? candidatesOf(foundResults.value) : [],
);

/** Tomograms whose particles have classes already. */
export const identifiedTomogramIds = computed(
  () =>
    new Set(
      foundSoFar.value.filter(({ rejection }) => rejection !== "unidentified").map(({ tomogramId }) => tomogramId),
    ),
);

/** Asks for what is new whenever there is something, once at a time. */
export function followFoundSoFar(): void {
  let isAsking = false;
  let isStale = false;
  const ask = async (runId: string): Promise<void> => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    do {
      isStale = false;
      const results = await engine()
        .results(runId)
        .catch(() => undefined); // it has just been cancelled
      if (results && searching.peek()?.id === runId) loaded.value = results;
    } while (isStale);
    isAsking = false;
  };
  effect(() => {
    const { runId } = foundEvents.value;
    if (runId !== undefined) void ask(runId);
  });
}
