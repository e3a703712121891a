import { expect, test } from "vitest";
import { recipeOf } from "./options.js";

const recipe = (options: Omit<Parameters<typeof recipeOf>[0], "outputFolder">, device?: "webgpu") =>
  recipeOf(
    { outputFolder: "runs", ...options },
    { trainingComplexes: [], validationComplexes: [], ...(device && { device }) },
  );

test("each preset brings its own learning rate and batch", () => {
  expect(recipe({})).toMatchObject({
    network: { preset: "cosnet" },
    peakLearningRate: 2e-3,
    batch: { classes: 24, structureClasses: 6 },
  });
  // The authors' Adam at 1e-4 on batches of 12 volumes.
  for (const preset of ["paper", "released"] as const)
    expect(recipe({ preset })).toMatchObject({
      network: { preset },
      peakLearningRate: 1e-4,
      batch: { classes: 6, structureClasses: 2 },
    });
});

test("what is asked for comes before the preset's own", () => {
  const asked = recipe({ preset: "paper", duse: false, channels: 8, peakLearningRate: 1e-3, batch: { classes: 12 } });
  expect(asked).toMatchObject({ network: { duse: false, decoder: true, channels: 8 }, peakLearningRate: 1e-3 });
  expect(asked.batch.classes).toBe(12);
});

test("another device makes another recipe, and is none of the workers'", () => {
  expect(recipe({})).not.toHaveProperty("device");
  expect(recipe({}, "webgpu").device).toBe("webgpu");
  for (const shared of [{ workers: 1 }, { batchesPerStep: 2 }])
    expect(() => recipe(shared, "webgpu")).toThrow("workers compute on the processor alone");
});
