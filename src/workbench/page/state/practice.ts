/** A small made tomogram to learn on: where to click, and what came of it. */
import { computed, signal } from "@preact/signals";
import type { Practice } from "../../protocol/index.js";
import { engine } from "./engine.js";
import { orSay } from "./messages.js";
import { examples, project } from "./project.js";
import { chooseTomogram, infoOf } from "./tomograms.js";

const KEY = "cosnet-practice";

export const practiceIsComing = signal(false);
const practice = signal<Practice | undefined>(kept());

/** The practice, as long as its tomogram is in the project. */
export const shownPractice = computed(() =>
  project.value.tomograms.some(({ id }) => id === practice.value?.tomogramId) ? practice.value : undefined,
);

export const practiceIsOpen = computed(() => infoOf(shownPractice.value?.tomogramId) !== undefined);

/** A click within this distance is one on the same particle. */
const SAME_PARTICLE_VOXELS = 8;

/** The next particle to click: the first suggested one that is no example yet, whatever a person calls it. */
export const nextSuggestion = computed(() =>
  shownPractice.value?.suggestions.find(
    ({ position: { x, y, z } }) =>
      !examples.value.some(
        ({ tomogramId, position }) =>
          tomogramId === shownPractice.value?.tomogramId &&
          Math.hypot(position.x - x, position.y - y, position.z - z) < SAME_PARTICLE_VOXELS,
      ),
  ),
);

export async function beginPractice(): Promise<void> {
  practiceIsComing.value = true;
  const made = await orSay(engine().startPractice());
  practiceIsComing.value = false;
  if (!made) return;
  keep(made);
  chooseTomogram(made.tomogramId);
}

export function endPractice(): void {
  keep(undefined);
}

/** Brings the particle to be clicked next into the middle of the sections. */
export function showSuggestion(): void {
  if (nextSuggestion.value) chooseTomogram(shownPractice.value?.tomogramId, nextSuggestion.value.position);
}

function keep(next: Practice | undefined): void {
  practice.value = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
}

function kept(): Practice | undefined {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Practice);
}
