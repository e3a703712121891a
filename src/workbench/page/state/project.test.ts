import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  EMPTY_HISTORY,
  type EngineClient,
  type EngineEvent,
  type History,
  type ProjectState,
  type Step,
  takeStep,
} from "../../protocol/index.js";
import { connectEngine } from "./engine.js";
import { closeMessage, messages } from "./messages.js";
import { afterSteps, canUndo, classes, followProject, isConnected, project, take, travel } from "./project.js";

/** As engines begin with the time, so that each has higher versions than those before. */
let starts = 0;

/** The part of an engine that keeps a project, without a disk. */
function engineInMemory() {
  let history: History = EMPTY_HISTORY;
  let version = 1000 * ++starts;
  const listeners = new Set<(event: EngineEvent) => void>();
  const taken: string[] = [];
  let asked = 0;
  const now = (): ProjectState => ({
    ...{ version, project: history.present, runs: [] },
    ...{ canUndo: history.past.length > 0, canRedo: history.future.length > 0 },
  });
  const engine = {
    about: async () => ({ version: "0", runtime: "here", isLocal: true, projectPath: "project" }),
    state: async () => now(),
    /** Takes the longer the sooner it was asked: what is not asked in turn comes in another order. */
    async take(step: Step) {
      for (let wait = 100 - 10 * asked++; wait > 0; wait--) await Promise.resolve();
      taken.push(step.type);
      history = takeStep(history, step);
      version++;
      return now();
    },
    subscribe(listen: (event: EngineEvent) => void) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
  return {
    engine: engine as unknown as EngineClient,
    taken,
    now,
    tell(event: EngineEvent) {
      for (const listen of listeners) listen(event);
    },
    startAnew() {
      history = EMPTY_HISTORY;
      version = 0;
    },
  };
}

let memory: ReturnType<typeof engineInMemory>;
beforeEach(async () => {
  vi.useFakeTimers();
  memory = engineInMemory();
  connectEngine(memory.engine);
  await followProject();
});
afterEach(() => vi.useRealTimers());

test("what was taken is shown, and an earlier state that comes late is not", async () => {
  const before = memory.now();
  expect(await take({ type: "add-class", name: "ribosome" })).toBe(true);
  expect(classes.value.map(({ name }) => name)).toEqual(["ribosome"]);
  memory.tell({ type: "project", state: before });
  expect(classes.value).toHaveLength(1);
  expect(canUndo.value).toBe(true);
});

test("what cannot be is said, with what to do, and changes nothing", async () => {
  const shown = project.value;
  expect(await take({ type: "add-class", name: "two words" })).toBe(false);
  expect(project.value).toBe(shown);
  expect(messages.value.at(-1)).toMatchObject({ kind: "failure", text: expect.stringContaining("two words") });
  expect(messages.value.at(-1)?.hint).toContain("letters");
  for (const { id } of messages.value) closeMessage(id);
});

test("after a break the project is asked for again, whatever its version", async () => {
  await take({ type: "add-class", name: "proteasome" });
  memory.tell({ type: "connection", isConnected: false });
  expect(isConnected.value).toBe(false);
  memory.startAnew();
  memory.tell({ type: "connection", isConnected: true });
  await vi.waitFor(() => expect(classes.value).toEqual([]));
  expect(isConnected.value).toBe(true);
});

test("undo and redo by keys, quicker than the engine answers, all count", async () => {
  await take({ type: "add-class", name: "ribosome" });
  await Promise.all([travel("undo"), travel("redo"), travel("undo"), travel("redo")]);
  expect(classes.value.map(({ name }) => name)).toEqual(["ribosome"]);
  expect(memory.taken.slice(-4)).toEqual(["undo", "redo", "undo", "redo"]);
});

test("what is asked after a step, quicker than the engine has taken it, counts it", async () => {
  void take({ type: "add-class", name: "ferritin" });
  const { project: counted } = await afterSteps(() => memory.engine.state());
  expect(counted.classes.map(({ name }) => name)).toEqual(["ferritin"]);
});

test("with nothing to undo it says so, and nothing changes", async () => {
  const shown = project.value;
  await travel("undo");
  expect(project.value).toBe(shown);
  expect(messages.value.at(-1)).toMatchObject({ kind: "done", text: "There is nothing to undo." });
});
