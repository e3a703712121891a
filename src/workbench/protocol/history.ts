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
  if (step.type === "add-tomogram" && step.isNamedAtStart) return withTomogram({ past, present, future }, step);
  const next = applyAction(present, step);
  return { past: [...past, present], present: next, future: [] };
}

/** The same tomogram in all that was and was undone; ids that come later are of nothing else. */
function withTomogram({ past, present, future }: History, step: Extract<Action, { type: "add-tomogram" }>): History {
  const { tomograms, nextId } = applyAction(present, step);
  const added = tomograms.at(-1)!; // an action that adds one has added it last
  const also = (project: Project): Project => ({
    ...project,
    tomograms: project.tomograms.some(({ path }) => path === added.path)
      ? project.tomograms
      : [...project.tomograms, added],
    nextId: Math.max(project.nextId, nextId),
  });
  return { past: past.map(also), present: also(present), future: future.map(also) };
}
