import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fittedCrf } from "../src/infer/index.js";
import { writeMrc } from "../src/io/index.js";
import { benchmark } from "../src/jobs/benchmark/benchmark.js";
import { type CrfFitResult, fitCrf } from "../src/jobs/crf/fit.js";
import { createVolume, voxelCount } from "../src/volume/index.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
const structures = () => join(folder, "maps");
const modelPath = () => join(folder, "model.onnx");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-crf-"));
  await mkdir(structures());
  await writeFile(modelPath(), untrainedModel());
  for (const [name, radius] of [
    ["ball", 6],
    ["rod", 3],
  ] as const) {
    const map = createVolume([24, 24, 24], 10);
    for (let i = 0; i < voxelCount(map.shape); i++) {
      const [z, y, x] = [Math.floor(i / 576) - 12, (Math.floor(i / 24) % 24) - 12, (i % 24) - 12];
      if (Math.hypot(y, x, name === "ball" ? z : Math.abs(z) > 9 ? radius : 0) < radius) map.data[i] = 1;
    }
    await writeFile(join(structures(), `${name}_10A.mrc`), writeMrc(map));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({
  structureFolders: [structures()],
  modelPath: modelPath(),
  particlesPerClass: 1,
  snrs: [0.5],
  trials: 3,
  seed: 2,
  threads: 1,
});

/** Mean change less the deepest fall. */
function scoreOf({ rows }: CrfFitResult): number {
  const [row] = rows;
  return row!.after - row!.before - Math.max(0, ...row!.lower.map(({ change }) => -change));
}

test("fits, records what it found, and finds the same again", async () => {
  const trials: number[] = [];
  const outputPath = join(folder, "crf.json");
  const result = await fitCrf({
    ...options(),
    outputPath,
    onProgress: ({ stage, done }) => {
      if (stage === "trying parameters") trials.push(done);
    },
  });
  expect(trials).toEqual([1, 2, 3]);
  expect(JSON.parse(await readFile(outputPath, "utf8"))).toEqual(result);
  expect(result.classes).toEqual(["ball", "rod"]);
  const start = await fitCrf({ ...options(), outputPath: join(folder, "start.json"), trials: 1 });
  expect(start.parameters).toEqual(fittedCrf);
  expect(scoreOf(result)).toBeGreaterThanOrEqual(scoreOf(start));
  expect(result.heldOut).toEqual([]);
  expect(await fitCrf({ ...options(), outputPath })).toEqual(result);
});

test("the benchmark gives Dice before and after the refinement asked for", async () => {
  const measure = async (crf: "off" | "fitted" | "paper") => {
    const common = { ways: [2], shots: [1], snrs: [0.5], episodes: 1, particlesPerClass: 2, threads: 1 };
    const { dice } = await benchmark({ structureFolders: [structures()], modelPath: modelPath(), ...common, crf });
    return dice;
  };
  const [off, paper] = [await measure("off"), await measure("paper")];
  expect(off.every(({ before, after }) => before === after)).toBe(true);
  expect(paper.map(({ before }) => before)).toEqual(off.map(({ before }) => before));
  expect(paper.some(({ before, after }) => before !== after)).toBe(true);
  const fitted = await measure("fitted");
  expect(fitted.map(({ before }) => before)).toEqual(off.map(({ before }) => before));
  expect(fitted.some(({ before, after }) => before !== after)).toBe(true);
});
