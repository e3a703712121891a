/** Undo and redo without limit. */
import { ConfigError } from "../../errors.js";
import { type Action, applyAction, EMPTY_PROJECT, type Project } from "./project.js";

/** A line of a project's journal. */
export type Step = Action | { readonly type: "undo" } | { readonly type: "redo" };

export interface History {
  /** Oldest first. */
  readonly past: readonly Project[];
  readonly present: Project;
  /** What `redo` comes to first is last. */
  readonly future: readonly Project[];
}

export const EMPTY_HISTORY: History = { past: [], present: EMPTY_PROJECT, future: [] };

/** @throws ConfigError as `applyAction`, and when there is nothing to undo or redo. */
export function takeStep({ past, present, future }: History, step: Step): History {
  if (step.type === "undo") {
    const previous = past.at(-1);
    if (!previous) throw new ConfigError("there is nothing to undo");
    return { past: past.slice(0, -1), present: previous, future: [...future, present] };
  }
  if (step.type === "redo") {
    const next = future.at(-1);
    if (!next) throw new ConfigError("there is nothing to redo");
    return { past: [...past, present], present: next, future: future.slice(0, -1) };
  }
  const next = applyAction(present, step);
  return { past: [...past, present], present: next, future: [] };
}
