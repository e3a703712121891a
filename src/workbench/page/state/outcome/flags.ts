/** What about the candidates of the shown search a person should look at. */
import { computed, effect, signal } from "@preact/signals";
import { type CandidateFlag, flagsIn, type RunFlags } from "../../../protocol/index.js";
import { engine } from "../engine.js";
import { sayFailure } from "../messages.js";
import { type NamedCandidate, results, shownRun } from "../results.js";

/** In a word, as on a picture, and in a sentence. */
export const FLAG_TEXTS = {
  border: ["border", "cut by the border of the tomogram"],
  gold: ["gold", "on gold, or beside it"],
  plane: ["plane", "in one plane with its neighbours, as on a membrane or on the surface of the ice"],
  close: ["close", "overlaps its neighbour: perhaps the same particle twice"],
} as const satisfies Readonly<Record<CandidateFlag, readonly [word: string, sentence: string]>>;

const loaded = signal<RunFlags | undefined>();

const shown = computed(() => (loaded.value?.runId === shownRun.value?.id ? loaded.value : undefined));

/** Of a candidate; none as long as they are not known. */
export function flagsOf({ index }: NamedCandidate): readonly CandidateFlag[] {
  return flagsIn(shown.value?.flags[index] ?? 0);
}

/** Asks for them after the results, which they take longer than. */
export function followFlags(): void {
  effect(() => {
    const id = results.value?.runId;
    if (id === undefined || loaded.peek()?.runId === id) return;
    engine()
      .flags(id)
      .then((flags) => (loaded.value = flags), sayFailure);
  });
}
