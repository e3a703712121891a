import { expect, test } from "vitest";
import { AbortError } from "../errors.js";
import { nodeRuntime } from "../files/model/index.js";
import { encodeOnnx, op } from "../graph/index.js";
import type { SessionFactory } from "./session.js";
import { createSharedSession, type Runs } from "./shared-session.js";

const DOUBLED = encodeOnnx({ y: op.multiply(op.input("x", [1]), 2) }, { target: "portable" });

/** A runtime whose sessions in other threads are counted; they run in this one, as there are no compiled workers here. */
function counting() {
  const seen = { loaded: 0, freed: 0, runs: 0 };
  const inOwnThread: SessionFactory = {
    async create(model, options) {
      const session = await nodeRuntime.InferenceSession.create(model, options);
      seen.loaded++;
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        run(feeds) {
          seen.runs++;
          return session.run(feeds);
        },
        async release() {
          seen.freed++;
          await session.release();
        },
      };
    },
  };
  return { seen, runtime: { ...nodeRuntime, inOwnThread } };
}

/** Doubles the numbers from 0 on. */
function doubling(count: number, onRun?: (index: number) => void) {
  const results: number[] = [];
  const runs: Runs = {
    count,
    inputs(index) {
      onRun?.(index);
      return { x: { data: Float32Array.of(index), shape: [1] } };
    },
    take: (index, { y }) => {
      results[index] = y!.data[0]!;
    },
  };
  return { results, runs };
}

const doubled = (count: number) => Array.from({ length: count }, (_, i) => 2 * i);

test("every run is done once, by all threads, and all sessions are freed", async () => {
  const { seen, runtime } = counting();
  const session = await createSharedSession(runtime, DOUBLED, { threads: 3 });
  for (const count of [1, 0, 500, 7]) {
    const { results, runs } = doubling(count);
    await session.runAll(runs);
    expect(results).toEqual(doubled(count));
    expect(seen.loaded > 0).toBe(count === 500 || count === 7); // one run is not worth another thread
  }
  expect(seen.loaded).toBe(2);
  expect(seen.runs).toBeGreaterThan(100);
  expect(seen.runs).toBeLessThan(500);
  await session.release();
  expect(seen.freed).toBe(2);
});

test("with one thread, and where sessions have no threads of their own, one session does all", async () => {
  const one = counting();
  for (const [runtime, threads] of [
    [one.runtime, 1],
    [{ ...nodeRuntime, inOwnThread: undefined }, 2],
  ] as const) {
    await using session = await createSharedSession(runtime, DOUBLED, { threads });
    const { results, runs } = doubling(20);
    await session.runAll(runs);
    expect(results).toEqual(doubled(20));
  }
  expect(one.seen.loaded).toBe(0);
});

test("what stops one run stops all that have not begun; the next ones go on as ever", async () => {
  await using session = await createSharedSession(counting().runtime, DOUBLED, { threads: 2 });
  const controller = new AbortController();
  const stopped = doubling(100, (index) => index === 10 && controller.abort());
  await expect(session.runAll({ ...stopped.runs, signal: controller.signal })).rejects.toThrow(AbortError);
  const failed = doubling(100, (index) => {
    if (index === 10) throw new RangeError("no such input");
  });
  await expect(session.runAll(failed.runs)).rejects.toThrow("no such input");
  for (const { results } of [stopped, failed]) expect(results.length).toBeLessThan(20);
  const { results, runs } = doubling(100);
  await session.runAll(runs);
  expect(results).toEqual(doubled(100));
});
