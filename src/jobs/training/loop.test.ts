import { expect, test } from "vitest";
import { exitCodeOf } from "../../cli/explain-error.js";
import type { TrainingRun } from "../../files/model/index.js";
import type { Trainer } from "../../train/index.js";
import { runTraining, stalled, type Training } from "./loop.js";

interface Entry {
  readonly step: number;
  readonly means: readonly number[];
}

/** A trainer whose losses are given, step by step. */
function trainerOf(
  losses: readonly number[],
): Pick<Trainer<number, { loss: number; gradientNorm: number }>, "step" | "fetch"> {
  return {
    async fetch() {},
    async step(state, batch) {
      expect(batch).toBe(state.step);
      state.step++;
      return { loss: losses[state.step - 1] ?? 0, gradientNorm: 1 };
    },
  };
}

function begin(): TrainingRun<Entry> {
  const none = new Float32Array(0);
  const state = { step: 0, parameters: none, momentum: none, velocity: none, statistics: none };
  return { state, history: [], trace: [], seconds: 0 };
}

const training = (losses: readonly number[]) =>
  ({
    stage: "training",
    trainer: trainerOf(losses),
    steps: losses.length,
    validateSteps: 2,
    peakLearningRate: 1,
    warmupSteps: 1,
    nextBatch: (step) => step,
    summarise: ({ loss }) => ({ figures: [loss, 2 * loss, 0], note: "" }),
    validate: async ({ state: { step } }, means) => ({ step, means }),
  }) satisfies Training<number, { loss: number; gradientNorm: number }, Entry>;

test("a training that continues from float32 figures has the same means as one that was not stopped", async () => {
  const losses = [0.1, 0.2];
  const whole = await runTraining(begin(), training(losses));
  const first = await runTraining(begin(), { ...training(losses.slice(0, 1)), steps: 1 });
  const checkpoint = Float32Array.from(first.trace.flat());
  const trace = [[checkpoint[0]!, checkpoint[1]!, checkpoint[2]!] as const];
  const state = { ...begin().state, step: 1 };
  const continued = await runTraining({ state, history: [], trace, seconds: 0 }, training(losses));
  expect(continued.history).toEqual(whole.history);
});

test("it validates at every so many-th step and the last, each time with the means since the time before", async () => {
  const saved: number[] = [];
  const { history, trace } = await runTraining(begin(), {
    ...training([1, 3, 5]),
    save: async ({ history }) => void saved.push(history.length),
  });
  expect(history).toEqual([
    { step: 2, means: [2, 4, 0] },
    { step: 3, means: [5, 10, 0] },
  ]);
  expect(saved).toEqual([1, 2]);
  expect(trace).toHaveLength(3);
});

test("a loss that is not a number is neither wrong usage nor a bug", async () => {
  const error = await runTraining(begin(), training([1, Number.NaN])).catch((error) => error);
  expect(error).toMatchObject({
    tag: "model",
    message: "training diverged at step 2: the loss is not a number",
    hint: "Lower --learning-rate.",
  });
  expect(exitCodeOf(error)).toBe(1);
});

test("it keeps the best and stops when patience is at its end", async () => {
  const kept: number[] = [];
  const { history } = await runTraining(begin(), {
    ...training([9, 9, 1, 1, 5, 5, 5, 5, 5, 5]),
    choice: {
      best: (history) => history.reduce((best, entry) => (entry.means[0]! < best.means[0]! ? entry : best)),
      patience: 2,
      keep: ({ state }) => void kept.push(state.step),
    },
  });
  expect(kept).toEqual([2, 4]);
  expect(history.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
});

test("when aborted it saves what it has", async () => {
  const controller = new AbortController();
  const saved: number[] = [];
  const stopped = runTraining(begin(), {
    ...training([1, 1, 1, 1]),
    signal: controller.signal,
    onProgress: ({ done }) => done === 3 && controller.abort(),
    save: async ({ state }) => void saved.push(state.step),
  });
  await expect(stopped).rejects.toMatchObject({ tag: "abort" });
  expect(saved).toEqual([2, 3]);
});

test("it stops after as many validations without a better one as patience says", () => {
  const history = ["start", "best", "worse", "worst"];
  expect(stalled(history, "best", 2)).toBe(true);
  expect(stalled(history, "best", 3)).toBe(false);
});
