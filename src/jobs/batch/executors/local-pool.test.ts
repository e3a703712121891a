import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineResources } from "../../../files/processes/index.js";
import type { BatchUnit, ExecutorContext, ExecutorPlan, UnitEnd } from "./executor.js";
import { createLocalPool, fittingPlan } from "./local-pool.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-pool-"));
  mkdirSync(join(folder, "units"));
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands for cosnet: writes what it was called with, or does what its first word says. */
const PROGRAM = `
import { writeFileSync } from "node:fs";
const [what, id, ...rest] = process.argv.slice(2);
process.on("disconnect", () => process.exit(3));
if (what === "fail") process.exit(1);
if (what === "die") process.kill(process.pid, "SIGKILL");
if (what === "wait") setInterval(() => {}, 1000);
else {
  console.error("working on " + id);
  writeFileSync(new URL("./" + id + ".done", import.meta.url), rest.join(" "));
  process.exit(0);
}
`;

function unitOf(what: string, id: string, memoryBytes = 1e6): BatchUnit {
  return { id, args: [what, id], memoryBytes, threads: 1 };
}

function watched(signal?: AbortSignal) {
  const started: string[] = [];
  const ends: UnitEnd[] = [];
  const plans: ExecutorPlan[] = [];
  const context: ExecutorContext = {
    batchFolder: folder,
    program: [process.execPath, join(folder, "program.mjs")],
    onStarted: ({ id }) => void started.push(id),
    onEnded: (end) => void ends.push(end),
    onPlan: (plan) => void plans.push(plan),
    signal,
  };
  return { context, started, ends, plans };
}

test("every unit is worked on once, its output kept, and a failure stops no other", async () => {
  const { context, started, ends, plans } = watched();
  const units = [unitOf("work", "a"), unitOf("fail", "b"), unitOf("die", "c"), unitOf("work", "d")];
  await createLocalPool({ processes: 2 }).run(units, context);
  expect(started.sort()).toEqual(["a", "b", "c", "d"]);
  const outcomes = ends.map(({ unit, outcome, reason }) => [unit.id, outcome, reason] as const).sort();
  expect(outcomes).toEqual([
    ["a", "ended", undefined],
    ["b", "failed", "its process ended with exit code 1"],
    ["c", "failed", "its process was killed (SIGKILL), as when memory runs out"],
    ["d", "ended", undefined],
  ]);
  const { cores } = await machineResources();
  expect(plans.map(({ processes, threads }) => [processes, threads])).toEqual([
    [2, Math.max(1, Math.floor(cores / 2))],
  ]);
  expect(readFileSync(join(folder, "a.done"), "utf8")).toBe(`--threads ${plans[0]!.threads}`);
  expect(readFileSync(join(folder, "logs/d.log"), "utf8")).toBe("working on d\n");
});

test("no more processes than fit into memory", async () => {
  const { context, plans } = watched();
  const { freeBytes } = await machineResources();
  await createLocalPool({ processes: 8 }).run([unitOf("work", "e", 0.8 * freeBytes), unitOf("work", "f")], context);
  expect(plans[0]!.processes).toBe(1);
});

test("the threads of fewer processes take memory, too", () => {
  const units = Array.from({ length: 9 }, (_, i) => ({ ...unitOf("work", `t${i}`, 100), threadBytes: 50 }));
  const planOf = (freeBytes: number, most = 8) => {
    const { processes, threads } = fittingPlan(units, { cores: 8, freeBytes, most });
    return [processes, threads];
  };
  expect(planOf(8 * 100 * 1.12)).toEqual([8, 1]);
  expect(planOf(7 * 100 * 1.12)).toEqual([7, 1]);
  expect(planOf(4 * 150 * 1.12)).toEqual([6, 1]); // and not 4 with two threads each
  expect(planOf(4 * 150 * 1.12, 4)).toEqual([4, 2]);
  expect(planOf(3.9 * 150, 4)).toEqual([3, 2]);
  expect(planOf(1)).toEqual([1, 8]);
});

test("stopping ends what runs and begins nothing more", async () => {
  const stop = new AbortController();
  const { context, started, ends } = watched(stop.signal);
  const running = createLocalPool({ processes: 1 }).run([unitOf("wait", "g"), unitOf("work", "h")], {
    ...context,
    onStarted(unit, where) {
      context.onStarted(unit, where);
      stop.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ tag: "abort" });
  expect(started).toEqual(["g"]);
  expect(ends.map(({ outcome }) => outcome)).toEqual(["cancelled"]);
  expect(readdirSync(folder)).not.toContain("h.done");
});
