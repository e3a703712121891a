/** Keys that work wherever the focus is, but in fields: one table for what they do and for the help that lists them. */

import type { ClickedExample } from "../../protocol/index.js";
import { removeExample } from "../classes/example-moves.js";
import { classAt, LOOK, setClickTarget } from "../state/click-target.js";
import { openDialog } from "../state/dialogs.js";
import { examples, take, travel } from "../state/project.js";
import { accept, judge, selectedCandidate, stepInGallery } from "../state/review.js";
import { selection } from "../state/view.js";
import { keyName } from "./key-name.js";

export interface Shortcut {
  /** As the help shows them. */
  readonly keys: string;
  readonly text: string;
  /** Of `keyName`. */
  readonly names: readonly string[];
  readonly act: (name: string) => void;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: "1 to 9",
    text: "class of the selected particle; with none selected, of what is clicked next",
    names: DIGITS,
    act: (digit) => chooseClass(classAt(Number(digit) - 1)),
  },
  {
    keys: "N",
    text: "click a new example and say what it is",
    names: ["n"],
    act: () => setClickTarget({ kind: "ask" }),
  },
  { keys: "Esc", text: "select nothing; clicks only move the cursor", names: ["escape"], act: lookOnly },
  {
    keys: "J, K",
    text: "next and previous candidate",
    names: ["j", "k"],
    act: (key) => stepInGallery(key === "j" ? 1 : -1),
  },
  { keys: "A", text: "accept the selected candidate", names: ["a"], act: () => withCandidate(accept) },
  {
    keys: "X",
    text: "none of the classes: reject the selected candidate; with none selected, what is clicked next",
    names: ["x"],
    act: () => chooseClass(null),
  },
  {
    keys: "Delete",
    text: "remove the selected example, or reject the candidate",
    names: ["delete", "backspace"],
    act: remove,
  },
  { keys: "Ctrl+Z", text: "undo", names: ["ctrl+z"], act: () => void travel("undo") },
  {
    keys: "Ctrl+Shift+Z, Ctrl+Y",
    text: "redo",
    names: ["ctrl+shift+z", "ctrl+y"],
    act: () => void travel("redo"),
  },
  { keys: "Ctrl+O", text: "open a tomogram", names: ["ctrl+o"], act: () => (openDialog.value = "open") },
  { keys: "?", text: "this help", names: ["?", "shift+?"], act: () => (openDialog.value = "help") },
];

/** Listens from now on, until the function that it gives is called. */
export function followShortcuts(): () => void {
  const listening = new AbortController();
  addEventListener("keydown", answer, { signal: listening.signal });
  return () => listening.abort();
}

function answer(event: KeyboardEvent): void {
  if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const name = keyName(event);
  const shortcut = SHORTCUTS.find(({ names }) => names.includes(name));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act(name);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function selectedExample() {
  return examples.value.find(({ id }) => id === selection.value);
}

function withCandidate(act: (candidate: NonNullable<typeof selectedCandidate.value>) => Promise<void>): void {
  if (selectedCandidate.value) void act(selectedCandidate.value);
}

function chooseClass(classId: string | null | undefined): void {
  if (classId === undefined) return;
  const example = selectedExample();
  if (selectedCandidate.value) void judge(selectedCandidate.value, classId);
  else if (example) void reassign(example, classId);
  else setClickTarget({ kind: "add", classId });
}

async function reassign({ id, classId: before }: ClickedExample, classId: string | null): Promise<void> {
  if (classId !== before) await take({ type: "reassign-example", id, classId });
}

function lookOnly(): void {
  if (selection.value !== undefined) selection.value = undefined;
  else setClickTarget(LOOK);
}

function remove(): void {
  const example = selectedExample();
  if (example) void removeExample(example.id);
  else withCandidate((candidate) => judge(candidate, null));
}
