/** What was made of the shown search's picks: surfaces and averages. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { AverageResults, RunRecord, SegmentationResults } from "../../../protocol/index.js";
import { engine } from "../engine.js";
import { sayFailure } from "../messages.js";
import { runs } from "../project.js";
import { shownRun } from "../results.js";

type FurtherKind = "segment" | "average";

function lastOf(kind: FurtherKind): ReadonlySignal<RunRecord | undefined> {
  return computed(() =>
    runs.value.findLast(
      ({ state, request }) => state === "done" && request.kind === kind && request.ofRunId === shownRun.value?.id,
    ),
  );
}

/** The last runs on the picks of the shown search. */
export const segmentRun = lastOf("segment");
export const averageRun = lastOf("average");

const loadedSegmentation = signal<SegmentationResults | undefined>();
const loadedAverages = signal<AverageResults | undefined>();

export const segmentation = computed(() => ofRun(loadedSegmentation.value, segmentRun.value));
export const averages = computed(() => ofRun(loadedAverages.value, averageRun.value));

function ofRun<Results extends { readonly runId: string }>(
  results: Results | undefined,
  run: RunRecord | undefined,
): Results | undefined {
  return results?.runId === run?.id ? results : undefined;
}

/** Asks for what the last runs came to, from now on. */
export function followFurtherRuns(): void {
  effect(() => {
    const id = segmentRun.value?.id;
    if (id === undefined || loadedSegmentation.peek()?.runId === id) return;
    engine()
      .segmentation(id)
      .then((results) => (loadedSegmentation.value = results), sayFailure);
  });
  effect(() => {
    const id = averageRun.value?.id;
    if (id === undefined || loadedAverages.peek()?.runId === id) return;
    engine()
      .averages(id)
      .then((results) => (loadedAverages.value = results), sayFailure);
  });
}
