import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSteps } from "./steps.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-steps-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a step is done once for the same settings and again for others", async () => {
  const { once } = await openSteps(folder);
  let runs = 0;
  const work = async () => ({ value: ++runs });
  expect(await once("a", { seed: 1 }, work)).toEqual({ value: 1 });
  expect(await (await openSteps(folder)).once("a", { seed: 1 }, work)).toEqual({ value: 1 });
  expect(await once("a", { seed: 2 }, work)).toEqual({ value: 2 });
  expect(await once("a", { seed: 1 }, work)).toEqual({ value: 3 });
});

test("says how long each step took when it was done", async () => {
  await (await openSteps(folder)).once("a", {}, async () => 1);
  const first = JSON.parse(await readFile(join(folder, "a.json"), "utf8")) as { seconds: number };
  expect(first.seconds).toBeGreaterThanOrEqual(0);
  await writeFile(join(folder, "a.json"), JSON.stringify({ ...first, seconds: 1234 }));
  const again = await openSteps(folder);
  expect(again.seconds.size).toBe(0);
  await again.once("a", {}, async () => 2);
  expect([...again.seconds]).toEqual([["a", 1234]]);
});

test("a step that failed leaves nothing behind, and a damaged file counts as none", async () => {
  const { once } = await openSteps(folder);
  await expect(
    once("a", {}, async () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(await once("a", {}, async () => 1)).toBe(1);
  await writeFile(join(folder, "a.json"), (await readFile(join(folder, "a.json"), "utf8")).slice(0, -4));
  expect(await once("a", {}, async () => 2)).toBe(2);
});
