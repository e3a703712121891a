import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMrc, writeNpy } from "../../io/index.js";
import { createVolume } from "../../volume/index.js";
import { openTomogram, openTomogramGrid, surveyed, type TomogramSurvey } from "./index.js";

async function surveyTomogram(path: string): Promise<TomogramSurvey> {
  await using tomogram = await surveyed(await openTomogram(path));
  return tomogram.survey;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-survey-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const density = (change: (value: number, i: number) => number = (value) => value) =>
  createVolume(
    [10, 8, 8],
    10,
    Float32Array.from({ length: 640 }, (_, i) => change(Math.sin(i), i)),
  );

async function written(name: string, volume: ReturnType<typeof density>, mode: 0 | 1 | 2 = 2): Promise<string> {
  await writeFile(join(folder, name), writeMrc(volume, { mode }));
  return join(folder, name);
}

test("voxels that hold no number are counted, and read as the mean", async () => {
  const odd = density((value, i) => (i < 3 ? Number.NaN : i === 70 ? Number.POSITIVE_INFINITY : 5 + value));
  const path = await written("nan.mrc", odd);
  const survey = await surveyTomogram(path);
  expect(survey.warnings).toEqual(["4 of 640 voxels hold no number (3 NaN, 1 infinite); the mean stands in for them"]);
  await using tomogram = await openTomogram(path);
  const values = await tomogram.read([0, 0, 0], [10, 8, 8]);
  expect(values.every(Number.isFinite)).toBe(true);
  expect(values[0]).toBeCloseTo(5, 1);
  expect(values[70]).toBe(values[0]);
  expect(values[100]).toBe(odd.data[100]);
  expect((await tomogram.readStored([0, 0, 0], [1, 1, 1]))[0]).toBeNaN();
  await writeFile(join(folder, "nan.npy"), writeNpy(odd));
  await using array = await openTomogram(join(folder, "nan.npy"), { voxelSizeAngstrom: 10 });
  expect(await array.read([0, 0, 0], [10, 8, 8])).toEqual(values);
});

test("nothing but NaN, and one value alone, are constant", async () => {
  expect(
    await surveyTomogram(
      await written(
        "empty.mrc",
        density(() => Number.NaN),
      ),
    ),
  ).toMatchObject({ isConstant: true });
  const flat = await surveyTomogram(
    await written(
      "flat.mrc",
      density(() => 7),
    ),
  );
  expect(flat).toMatchObject({ isConstant: true, isLabels: false });
  expect(flat.warnings).toEqual(["all voxels hold the same value: there is nothing to see in it"]);
});

test("labels are told from tomograms of whole numbers", async () => {
  const labels = await surveyTomogram(
    await written(
      "labels.mrc",
      density((_, i) => (i % 5 === 0 ? i % 40 : 0)),
      1,
    ),
  );
  expect(labels.isLabels).toBe(true);
  expect(labels.warnings[0]).toMatch(/^its values are 8 whole numbers from 0 to 35, as in labels or a mask/);
  const grey = await written(
    "grey.mrc",
    density((value) => Math.round(60 * value)),
    0,
  );
  expect(await surveyTomogram(grey)).toMatchObject({ isLabels: false, warnings: [] });
  expect(await surveyTomogram(await written("real.mrc", density()))).toMatchObject({ isLabels: false, warnings: [] });
});

test("a survey that is known already is not taken again, and its warnings are the same", async () => {
  const path = await written(
    "known.mrc",
    density((value, i) => (i < 3 ? Number.NaN : 5 + value)),
  );
  const first = await surveyTomogram(path);
  const options = { voxelSizeAngstrom: 10, workFolder: folder };
  let sections = 0;
  const onProgress = () => {
    sections++;
  };
  await using again = await openTomogramGrid(path, { ...options, survey: first, onProgress });
  expect(sections).toBe(0);
  expect(again.survey).toBe(first);
  await using fresh = await openTomogramGrid(path, { ...options, survey: true, onProgress });
  expect(sections).toBeGreaterThan(0);
  expect(again.warnings).toEqual(fresh.warnings);
});
