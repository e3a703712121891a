/** The map of a run's embeddings, asked for when it is looked at. */
import { computed, effect, signal } from "@preact/signals";
import { engine } from "../state/engine.js";
import { sayFailure } from "../state/messages.js";
import { shownRun } from "../state/results.js";

const loaded = signal<{ readonly runId: string; readonly positions: Float32Array } | undefined>();

/** `[candidates, 2]`, in their order; undefined until it is there. */
export const embeddingMap = computed(() =>
  loaded.value?.runId === shownRun.value?.id ? loaded.value?.positions : undefined,
);

/** Asks for the map of whatever run is shown until the function that it gives is called. */
export function followEmbeddingMap(): () => void {
  return effect(() => {
    const runId = shownRun.value?.id;
    if (runId === undefined || loaded.peek()?.runId === runId) return;
    engine()
      .embeddingMap(runId)
      .then(({ positions }) => {
        if (shownRun.peek()?.id === runId) loaded.value = { runId, positions };
      }, sayFailure);
  });
}
