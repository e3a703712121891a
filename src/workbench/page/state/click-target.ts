/** What a click in a section does, and what waits for an answer after it. */
import { computed, signal } from "@preact/signals";
import type { VoxelPosition } from "../../protocol/index.js";
import { classes, project, runs, take } from "./project.js";
import { selection, tomogramId } from "./view.js";

export type ClickTarget =
  /** Moves the cursor, and nothing else. */
  | { readonly kind: "look" }
  /** Asks what was clicked. */
  | { readonly kind: "ask" }
  /** Adds an example of a class, or of none of them (null). */
  | { readonly kind: "add"; readonly classId: string | null };

export const LOOK: ClickTarget = { kind: "look" };
const ASK: ClickTarget = { kind: "ask" };

const chosenTarget = signal<ClickTarget | undefined>(undefined);

/** As chosen; else clicks add examples as long as there is no result to look at. A class that is gone cannot get examples. */
export const clickTarget = computed<ClickTarget>(() => {
  const target = chosenTarget.value ?? (runs.value.some(({ state }) => state === "done") ? LOOK : ASK);
  const isGone =
    target.kind === "add" && target.classId !== null && !classes.value.some(({ id }) => id === target.classId);
  return isGone ? ASK : target;
});

/** A clicked position of which a person is asked what it is. */
export const unnamedClick = signal<VoxelPosition | undefined>();

export function setClickTarget(target: ClickTarget): void {
  chosenTarget.value = target;
}

/** What a number key means: the class in this place of the list, counted from 0. */
export function classAt(index: number): string | undefined {
  return classes.value[index]?.id;
}

export async function clickVoxel(position: VoxelPosition): Promise<void> {
  const target = clickTarget.value;
  selection.value = undefined;
  if (target.kind === "ask") unnamedClick.value = position;
  else if (target.kind === "add") await addExample(target.classId, position);
}

export async function addExample(classId: string | null, position: VoxelPosition): Promise<void> {
  if (tomogramId.value === undefined) return;
  // Not selected, so that the next number key says what is clicked next, and does not change this one
  await take({ type: "add-example", tomogramId: tomogramId.value, classId, position });
}

/** A new class, and the particle that was clicked as its first example. */
export async function addClassWithExample(name: string, position: VoxelPosition): Promise<boolean> {
  if (!(await take({ type: "add-class", name }))) return false;
  const added = project.value.classes.find((item) => item.name === name.trim());
  if (added) await addExample(added.id, position);
  return true;
}
