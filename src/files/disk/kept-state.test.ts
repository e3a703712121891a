import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openKeptStates } from "./kept-state.js";

it("gives back what was kept for the same settings, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "states-"));
  const states = await openKeptStates(folder, { seed: 7 });
  const state = { poses: new Float32Array([1, 2]), of: [{ rows: [3, 4] }] };
  await states.save("half-1", state);
  expect(await (await openKeptStates(folder, { seed: 7 })).load("half-1")).toEqual(state);
  expect(await (await openKeptStates(folder, { seed: 8 })).load("half-1")).toBeUndefined();
  expect(await states.load("half-2")).toBeUndefined();
  await writeFile(join(folder, "half-2.state"), "damaged");
  expect(await states.load("half-2")).toBeUndefined();
});
