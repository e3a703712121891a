import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chosenExecutor } from "./chosen-executor.js";
import { prepareSubmission, withdrawSubmission } from "./slurm/submissions.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cosnet-executor-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nothing = { kind: undefined, processes: undefined, slurm: {} };
const context = { batchFolder: "", program: [], onStarted() {}, onEnded() {} };
const kept = () => JSON.parse(readFileSync(join(folder, "executor.json"), "utf8"));

test("a batch is worked on where it was, by what was said last of each", async () => {
  await (await chosenExecutor(folder, nothing)).run([], context);
  expect(kept()).toEqual({ kind: "local" });
  const slurm = { partition: "cpu", time: "1:00:00", maximumRunning: undefined };
  await (await chosenExecutor(folder, { ...nothing, kind: "slurm", slurm })).run([], {
    ...context,
    batchFolder: folder,
  });
  await (await chosenExecutor(folder, { ...nothing, slurm: { time: "2:00:00" } })).run([], {
    ...context,
    batchFolder: folder,
  });
  expect(kept()).toEqual({ kind: "slurm", slurm: { partition: "cpu", time: "2:00:00" } });
});

test("settings of another kind of executor are refused, and a local one beside tasks of a cluster", async () => {
  await expect(chosenExecutor(folder, { ...nothing, kind: "local", slurm: { qos: "high" } })).rejects.toThrow(
    "qos is not for the executor local",
  );
  await expect(chosenExecutor(folder, { ...nothing, processes: 4 })).rejects.toThrow(
    "processes is not for the executor slurm",
  );
  const script = { units: [], program: [], threads: 1, memory: "1G", throttle: undefined, siteOptions: [], setup: [] };
  const submission = await prepareSubmission(folder, { ...script, workingFolder: folder }, []);
  await expect(chosenExecutor(folder, { ...nothing, kind: "local" })).rejects.toThrow(/may be running in Slurm/);
  await withdrawSubmission(folder, submission);
  await expect(chosenExecutor(folder, { ...nothing, kind: "local" })).resolves.toBeDefined();
});
