/** The search whose results are shown, and what stands of them after thresholds and verdicts. */
import { computed, effect, signal } from "@preact/signals";
import { candidatesOf, type DecidedCandidate, decidePicks, type RunResults, verdictsOf } from "../../protocol/index.js";
import { engine } from "./engine.js";
import { sayFailure } from "./messages.js";
import { project, runs } from "./project.js";
import { runId } from "./view.js";

/** Those that came to their end, oldest first. */
export const searches = computed(() =>
  runs.value.filter(({ state, request }) => state === "done" && request.kind === "pick"),
);

/** The search that was chosen, or the last. */
export const shownRun = computed(() => searches.value.find(({ id }) => id === runId.value) ?? searches.value.at(-1));

/** What was asked for when it began. */
export const shownRequest = computed(() => {
  const request = shownRun.value?.request;
  return request?.kind === "pick" ? request : undefined;
});

const loaded = signal<RunResults | undefined>();

export const results = computed(() => (loaded.value?.runId === shownRun.value?.id ? loaded.value : undefined));

/** Thresholds while their sliders move, before they are said. */
export const movingThresholds = signal<Readonly<Record<string, number>>>({});

export const thresholds = computed(() => ({ ...project.value.thresholds, ...movingThresholds.value }));

/** A candidate with a name, by which it is selected. */
export interface NamedCandidate extends DecidedCandidate {
  readonly id: string;
  /** Its place among all candidates of the run, as in the map of embeddings. */
  readonly index: number;
}

/** All candidates of the shown run, as it has them. */
export const found = computed(() => (results.value ? candidatesOf(results.value) : []));
const verdicts = computed(() => project.value.verdicts);
const judged = computed(() => verdictsOf(found.value, verdicts.value));
const classes = computed(() => project.value.classes);

/** All candidates of the shown run, as they stand now. */
export const candidates = computed<readonly NamedCandidate[]>(() =>
  decidePicks(found.value, judged.value, { classes: classes.value, thresholds: thresholds.value }).map(
    (candidate, index) => ({ ...candidate, id: candidateId(candidate), index }),
  ),
);

export const picks = computed(() => candidates.value.filter(({ isPick }) => isPick));

export const candidatesById = computed(() => new Map(candidates.value.map((candidate) => [candidate.id, candidate])));

/** How many picks each class has. */
export const pickCounts = computed(() => {
  const counts = new Map<string, number>();
  for (const { classId } of picks.value) if (classId) counts.set(classId, (counts.get(classId) ?? 0) + 1);
  return counts;
});

/** The same whatever is decided of it. */
function candidateId({ tomogramId, row }: DecidedCandidate): string {
  return `pick-${tomogramId}-${row}`;
}

/** Asks for the results of whatever run is shown, from now on. */
export function followResults(): void {
  effect(() => {
    const id = shownRun.value?.id;
    if (id === undefined || loaded.peek()?.runId === id) return;
    engine()
      .results(id)
      .then((answer) => {
        if (shownRun.peek()?.id === id) loaded.value = answer;
      }, sayFailure);
  });
}
