/** What the other examples say of each, asked for when a person pauses after a change. */
import { effect, signal } from "@preact/signals";
import type { ExampleJudgement } from "../../protocol/index.js";
import { engine } from "../state/engine.js";
import { examples, runs } from "../state/project.js";

const PAUSE_MILLISECONDS = 700;

export const judgements = signal<ReadonlyMap<string, ExampleJudgement>>(new Map());

/** Asks again after every change of the examples, but not while a run needs the computer. */
export function followJudgements(): void {
  let last: object | undefined;
  effect(() => {
    const asked = examples.value;
    const isRunning = runs.value.some(({ state }) => state === "running");
    if (isRunning || asked === last || asked.length === 0) return undefined;
    const timer = setTimeout(() => {
      last = asked;
      // Where they cannot be judged the cards say nothing: a run says why.
      void engine()
        .judgeExamples()
        .then((list) => (judgements.value = new Map(list.map((item) => [item.exampleId, item]))))
        .catch(() => (judgements.value = new Map()));
    }, PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  });
}
