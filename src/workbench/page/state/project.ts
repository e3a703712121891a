/** The project as the engine last told it, and the only way to change it. */
import { batch, computed, signal } from "@preact/signals";
import { isCosnetError } from "../../../errors.js";
import {
  type About,
  createTurns,
  EMPTY_PROJECT,
  type EngineEvent,
  type ProjectState,
  type RunProgress,
  type Step,
} from "../../protocol/index.js";
import { engine } from "./engine.js";
import { orSay, say, sayFailure } from "./messages.js";

export const about = signal<About | undefined>();
/** Where the engine has found out that it computes, after it told the page about itself. */
const computesIn = signal<string | undefined>();
/** Where it computes, as a person reads it. */
export const runtime = computed(() => computesIn.value ?? about.value?.runtime ?? "");
export const isConnected = signal(true);
const state = signal<ProjectState | undefined>();

export const project = computed(() => state.value?.project ?? EMPTY_PROJECT);
export const classes = computed(() => project.value.classes);
export const examples = computed(() => project.value.examples);
export const runs = computed(() => state.value?.runs ?? []);
export const canUndo = computed(() => state.value?.canUndo ?? false);
export const canRedo = computed(() => state.value?.canRedo ?? false);
/** How far the run that goes on has come. */
export const progress = signal<RunProgress | undefined>();

/** The run that has found more, each time anew. */
export const foundEvents = signal<{ readonly runId: string | undefined }>({ runId: undefined });

/** Asks for the project, and keeps in step with it from then on. */
export async function followProject(): Promise<void> {
  engine().subscribe(hear);
  const [aboutEngine, first] = await Promise.all([engine().about(), engine().state()]);
  about.value = aboutEngine;
  show(first);
}

/** The engine hears of steps in the order in which they were made. */
const { take: inTurn } = createTurns(1);

/** Changes the project; what cannot be is said, and then gives false. */
export async function take(step: Step): Promise<boolean> {
  return inTurn(async () => {
    const changed = await orSay(engine().take(step));
    if (changed) show(changed);
    return changed !== undefined;
  });
}

/** Asks the engine once it has taken every step that was made before: a run counts the click of a moment ago. */
export async function afterSteps<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  await inTurn(async () => {});
  return ask();
}

/** By a key: whether there is anything to undo or redo the engine decides, for the page may not have heard of the last step yet. */
export async function travel(type: "undo" | "redo"): Promise<void> {
  await inTurn(async () => {
    try {
      show(await engine().take({ type }));
    } catch (error) {
      if (isCosnetError(error) && error.tag === "config") say("done", `There is nothing to ${type}.`);
      else sayFailure(error);
    }
  });
}

/** Shows a state unless a later one is shown already: answers and events may overtake each other. */
export function show(next: ProjectState): void {
  if (state.value && next.version < state.value.version) return;
  batch(() => {
    state.value = next;
    if (!next.runs.some((run) => run.state === "running")) progress.value = undefined;
  });
}

function hear(event: EngineEvent): void {
  if (event.type === "project") show(event.state);
  else if (event.type === "progress") progress.value = event.progress;
  else if (event.type === "found") foundEvents.value = { runId: event.runId };
  else if (event.type === "warning") say("warning", event.text);
  else if (event.type === "runtime") computesIn.value = event.text;
  else heardConnection(event.isConnected);
}

/** After a break the project may be another, also an earlier version where the engine was started anew. */
function heardConnection(isThere: boolean): void {
  const wasThere = isConnected.value;
  isConnected.value = isThere;
  if (!isThere || wasThere) return;
  void orSay(
    engine()
      .state()
      .then((now) => {
        state.value = undefined;
        show(now);
      }),
  );
}
