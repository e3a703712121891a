import { expect, test } from "vitest";
import type { ProgressReport } from "../../progress.js";
import { medianVariance, noiseAtSnr, planTiltSeries, reconstruct, simulateTiltSeries } from "../../simulate/index.js";
import { createRandom, createVolume } from "../../volume/index.js";
import { createTomogramWorkers, sharedFloats } from "./imaging-workers.js";

const density = createVolume([12, 30, 22], 10); // three jobs of rows, the last one short
const random = createRandom("density");
for (let i = 0; i < 200; i++) density.data[random.integer(density.data.length)] = random.uniform(5, 50);
const plan = planTiltSeries({ scheme: { stepDegrees: 12 } }, createRandom(4));

test("jobs over parts give the bytes of the whole, into memory that is given", async () => {
  const reports: ProgressReport[] = [];
  await using workers = createTomogramWorkers({ threads: 2, onProgress: (report) => reports.push(report) });
  const whole = simulateTiltSeries(density, plan);
  const series = await workers.simulateTiltSeries(density, plan);
  expect(series.images).toEqual(whole.images);
  const signal = await workers.reconstruct(series, { nz: 12 });
  expect(signal.data).toEqual(reconstruct(whole, { nz: 12 }).data);
  await expect(workers.reconstruct(series, { nz: 12, hannFrequency: 0 })).rejects.toMatchObject({ tag: "config" });
  const volume = sharedFloats(12 * 30 * 22);
  const into = { volume: async () => volume, images: sharedFloats(series.images.length) };
  const centres = [
    { x: 6, y: 8, z: 5 },
    { x: 12, y: 20, z: 6 },
    { x: 0, y: 20, z: 6 }, // does not fit
  ];
  const boxes = { centres, size: 8 };
  expect(await workers.medianVariance(signal, boxes)).toBe(medianVariance(signal.data, signal.shape, boxes));
  const options = { snr: 0.5, seed: 3, nz: 12, boxes, signalVariance: 2 };
  const noisy = await noiseAtSnr(series, { ...options, into }, workers);
  const alone = await noiseAtSnr(whole, options);
  expect(noisy.field.data).toBe(volume);
  expect(noisy.field.data).toEqual(alone.field.data);
  expect([noisy.images, noisy.factor]).toEqual([alone.images, alone.factor]);
  expect(series.images).toEqual(whole.images); // the noise-free ones are shared by several ratios
  expect(reports.filter((report) => report.stage === "projecting").map((report) => report.done)).toEqual([0, 1, 2, 3]);
  expect(reports).toContainEqual({ stage: "reconstructing", done: 3, total: 3 });
});

test("an abort stops between two jobs", async () => {
  const controller = new AbortController();
  const stages: string[] = [];
  await using workers = createTomogramWorkers({
    threads: 1,
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      stages.push(`${stage} ${done}`);
      if (done === 1) controller.abort();
    },
  });
  await expect(workers.simulateTiltSeries(density, plan)).rejects.toMatchObject({ tag: "abort" });
  expect(stages).toEqual(["projecting 0", "projecting 1"]);
});
