import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Batch } from "./batch-file.js";
import type { BatchUnit, Executor } from "./executors/executor.js";
import { runStage } from "./stage.js";
import { writeUnitState } from "./state.js";
import { keyOf, LEAD, pickUnits } from "./units/keys.js";

const MB = 2 ** 20;

/** What units are expected to need, when the examples have been searched for in three threads beside the first. */
async function expected(model: string): Promise<Pick<BatchUnit, "memoryBytes" | "threadBytes">> {
  const folder = await mkdtemp(join(tmpdir(), "cosnet-stage-"));
  await mkdir(join(folder, "units"));
  const tomogram = { path: "a.mrc", name: "a", id: "a", voxelSizeAngstrom: 10, source: "a.mrc", bytes: 5, changed: 1 };
  const batch: Batch = { version: "0", directory: folder, recipe: { pick: {} }, tomograms: [tomogram] };
  const key = await keyOf(folder, batch, LEAD);
  await writeUnitState(folder, LEAD.id, {
    ...{ status: "done", key: key!, attempt: 1, where: "here", startedAt: "" },
    ...{ process: { host: "", pid: 0, born: "" }, result: { digest: "d", searched: true, model } },
    ...{ peakMemoryBytes: 900 * MB, networkThreads: 3 },
  });
  let given: readonly BatchUnit[] = [];
  const executor: Executor = {
    async run(units) {
      given = units;
    },
  };
  const options = { outputFolder: folder, tomograms: [], recipe: undefined, directory: folder, program: [], executor };
  await runStage(batch, pickUnits(batch), "tomograms picked", options);
  await rm(folder, { recursive: true });
  return given[0]!;
}

test("memory that was measured with several threads is that of one and what each of the others takes", async () => {
  const quantised = await expected("cosnet.onnx (sha256 0123, int8)");
  expect(quantised.memoryBytes / MB).toBeCloseTo(1.1 * (900 - 3 * 75), 3);
  expect(quantised.threadBytes! / MB).toBeCloseTo(1.1 * 75, 3);
  const plain = await expected("own.onnx (sha256 0123)");
  expect(plain.memoryBytes / MB).toBeCloseTo(1.1 * (900 - 3 * 160), 3);
  expect((await expected("own.onnx (sha256 0123), computed by WebGPU")).threadBytes).toBe(0);
});
