import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc } from "../src/io/index.js";
import { calibrate } from "../src/jobs/calibrate/index.js";
import { decodeDescription } from "../src/model/index.js";
import { readModelMetadata } from "../src/runtime/index.js";
import { createVolume, voxelCount } from "../src/volume/index.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
const structures = () => join(folder, "maps");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-calibrate-"));
  await mkdir(structures());
  await writeFile(join(folder, "model.onnx"), untrainedModel());
  for (const radius of [4, 5, 6, 7, 8]) {
    const map = createVolume([24, 24, 24], 10);
    for (let i = 0; i < voxelCount(map.shape); i++) {
      const [z, y, x] = [Math.floor(i / 576) - 12, (Math.floor(i / 24) % 24) - 12, (i % 24) - 12];
      if (Math.hypot(z, 2 * y, x) < radius) map.data[i] = 1;
    }
    await writeFile(join(structures(), `disc${radius}_10A.mrc`), writeMrc(map));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({
  structureFolders: [structures()],
  modelPath: join(folder, "model.onnx"),
  outputPath: join(folder, "calibrated.onnx"),
  particlesPerClass: 4,
  snrs: [0.5],
  draws: 3,
  threads: 1,
});
const describe = (bytes: Uint8Array) => decodeDescription(readModelMetadata(bytes))!;

test("writes the model with the calibration, measured on complexes that it was not fitted on", async () => {
  const result = await calibrate(options());
  const written = await readFile(result.modelPath);
  const { calibration, ...rest } = describe(written);
  expect(calibration).toEqual(result.calibration);
  expect(rest).toEqual(describe(untrainedModel()));
  expect(result.classes).toEqual(["disc4", "disc5", "disc6", "disc8"]);
  expect(result.heldOutClasses).toEqual(["disc7"]);
  expect(new Set(result.rows.map(({ imaging }) => imaging))).toEqual(new Set(["SNR 0.5"]));
  expect(result.heldOut).toEqual([]);
  for (const { after } of result.rows) expect(after).toBeGreaterThanOrEqual(0);
  // Again, from the model that has a calibration: the same bytes.
  await calibrate({ ...options(), modelPath: result.modelPath });
  expect(await readFile(result.modelPath)).toEqual(written);
});

test("too few complexes are refused", async () => {
  await expect(calibrate({ ...options(), particlesPerClass: 1 })).rejects.toMatchObject({ tag: "config" });
});
