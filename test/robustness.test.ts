import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc } from "../src/io/index.js";
import { CLEAN, robustnessConditions } from "../src/jobs/robustness/conditions.js";
import { renderUnderCondition } from "../src/jobs/robustness/particles.js";
import { robustness } from "../src/jobs/robustness/robustness.js";
import { robustnessCsv, robustnessText } from "../src/jobs/robustness/table.js";
import { proceduralComplex } from "../src/simulate/index.js";
import { createRandom, createVolume, meanAndDeviation } from "../src/volume/index.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-robustness-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const complexes = [0, 1].map((i) => proceduralComplex(createRandom("robustness test").fork(i)));
const render = (condition: (typeof robustnessConditions)[number]) =>
  renderUnderCondition(complexes, condition, {
    perClass: 1,
    snr: 0.5,
    random: createRandom("particles"),
    network: { edge: 32, voxelSizeAngstrom: 10 },
    stage: "test",
  });

test("every condition has its own name and changes the particles; they stay 32^3 with zero mean and unit variance", async () => {
  const names = [CLEAN, ...robustnessConditions].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const clean = await render(CLEAN);
  for (const condition of robustnessConditions) {
    const { volumes, labels, edge } = await render(condition);
    expect([edge, volumes.length, [...labels]], condition.name).toEqual([32, 2 * 32 ** 3, [0, 1]]);
    const second = volumes.subarray(32 ** 3); // the one with neighbours
    const { mean, deviation } = meanAndDeviation(second);
    expect(mean, condition.name).toBeCloseTo(0, 3);
    expect(deviation, condition.name).toBeCloseTo(1, 3);
    const difference = second.map((value, i) => value - clean.volumes[32 ** 3 + i]!);
    expect(meanAndDeviation(difference).deviation, condition.name).toBeGreaterThan(0.005);
  }
});

test("other voxels keep the particle where and as large as it was", async () => {
  const clean = await render(CLEAN);
  const inMask = (masks: Uint8Array) => masks.reduce((sum, value) => sum + value, 0);
  for (const name of ["voxel-8", "voxel-12", "voxel-15"]) {
    const { masks } = await render(robustnessConditions.find((condition) => condition.name === name)!);
    let both = 0;
    for (let i = 0; i < masks.length; i++) both += masks[i]! & clean.masks[i]!;
    // The shift of a particle is drawn in voxels, so it differs by half of 1.5 voxels at most; hence not more than 0.7.
    expect((2 * both) / (inMask(masks) + inMask(clean.masks)), name).toBeGreaterThan(0.7);
  }
});

test("the report has the clean figure first and each chosen condition beside it", async () => {
  const structuresFolder = join(folder, "maps");
  await mkdir(structuresFolder);
  for (const [name, [a, b, c]] of Object.entries({ ball: [6, 6, 6], disc: [2, 8, 8], rod: [3, 3, 11] })) {
    const inside = (i: number): boolean => {
      const [x, y, z] = [(i % 32) - 16, (Math.floor(i / 32) % 32) - 16, Math.floor(i / 1024) - 16];
      return (x / c!) ** 2 + (y / b!) ** 2 + (z / a!) ** 2 < 1;
    };
    const data = Float32Array.from({ length: 32 ** 3 }, (_, i) => Number(inside(i)));
    await writeFile(join(structuresFolder, `${name}_10A.mrc`), writeMrc(createVolume([32, 32, 32], 10, data)));
  }
  const modelPath = join(folder, "model.onnx");
  await writeFile(modelPath, untrainedModel());
  const options = {
    structureFolders: [structuresFolder],
    ways: [2],
    snrs: [1000],
    episodes: 50,
    particlesPerClass: 3,
    modelPath,
  };
  const report = await robustness({ ...options, conditions: ["tilt-40", "inverted"] });
  expect(report.cells.map(({ condition }) => condition)).toEqual(["clean", "tilt-40", "inverted"]);
  expect(report.dice).toHaveLength(3);
  const [clean] = report.cells;
  expect(clean!.accuracyCleanSupports).toBe(clean!.accuracy);
  expect(robustnessText(report)).toMatch(/SNR 1000 +2-way 1-shot +clean examples +Dice\n +clean +[\d.]+ +[\d.]+\n/);
  expect(robustnessCsv(report).split("\n")).toHaveLength(5);

  await expect(robustness({ ...options, conditions: ["fog"] })).rejects.toThrow("there is no condition fog");
});
