import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recipeOf } from "../../jobs/train/options.js";
import { checkpointPath, loadCheckpoint, saveCheckpoint } from "./checkpoint.js";

const folder = mkdtempSync(join(tmpdir(), "cosnet-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const parameter = { name: "w", shape: [2, 3], offset: 0, initial: 0, decays: true } as const;
const layout = { parameters: [parameter], statistics: [], parameterCount: 6, statisticCount: 0 };
const recipe = recipeOf({ outputFolder: folder }, { trainingComplexes: ["a"], validationComplexes: ["b"] });
const numbers = (from: number, count = 6) => Float32Array.from({ length: count }, (_, i) => from + i);
const checkpoint = {
  state: {
    step: 2,
    parameters: numbers(1),
    statistics: new Float32Array(0),
    momentum: numbers(7),
    velocity: numbers(13),
  },
  recipe,
  history: [],
  trace: [
    [1, 2, 3],
    [4, 5, 6],
  ] as const,
  seconds: 8,
};

test("a checkpoint comes back as it was; a folder without one gives none", async () => {
  expect(await loadCheckpoint(folder, layout, recipe)).toBeUndefined();
  await saveCheckpoint(folder, layout, checkpoint);
  expect(await loadCheckpoint(folder, layout, recipe)).toEqual(checkpoint);
});

test("other settings are named", async () => {
  const other = { ...recipe, steps: 5, patience: 1 };
  await expect(loadCheckpoint(folder, layout, other)).rejects.toMatchObject({
    tag: "config",
    message: expect.stringContaining("other settings (steps, patience)"),
  });
});

test("a setting that only the stored training has is another setting", async () => {
  await saveCheckpoint(folder, layout, { ...checkpoint, recipe: { ...recipe, device: "webgpu", batchesPerStep: 4 } });
  await expect(loadCheckpoint(folder, layout, recipe)).rejects.toThrow(/other settings \((device|batchesPerStep), /);
});

test("damage anywhere is one error that says what to do", async () => {
  await saveCheckpoint(folder, layout, checkpoint);
  const path = checkpointPath(folder);
  const whole = readFileSync(path);
  const recipeStart = whole.indexOf("recipe");
  const brokenJson = Buffer.from(whole);
  brokenJson[whole.indexOf("{", recipeStart)] = 0x5d; // "]" where the recipe's object begins
  const damaged: [Uint8Array, RegExp][] = [
    [whole.subarray(0, 0), /not a safetensors file, or truncated within its header/],
    [whole.subarray(0, 40), /truncated/],
    [whole.subarray(0, whole.length - 4), /truncated/],
    [brokenJson, /its settings cannot be read/],
  ];
  for (const [bytes, message] of damaged) {
    writeFileSync(path, bytes);
    await expect(loadCheckpoint(folder, layout, recipe)).rejects.toMatchObject({
      tag: "format",
      where: path,
      message: expect.stringMatching(message),
      hint: "Restore a copy of it, or delete it to start afresh.",
    });
  }
});
