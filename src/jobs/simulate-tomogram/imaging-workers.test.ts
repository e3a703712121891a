import { expect, test } from "vitest";
import type { ProgressReport } from "../../progress.js";
import { planTiltSeries, reconstruct, reconstructAtSnr, simulateTiltSeries } from "../../simulate/index.js";
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
  const into = { volume: sharedFloats(12 * 30 * 22), images: sharedFloats(series.images.length) };
  const options = { snr: 0.5, seed: 3 };
  const noisy = await reconstructAtSnr(series, signal, { ...options, into }, workers);
  const alone = await reconstructAtSnr(whole, signal, options);
  expect(noisy.tomogram.data).toBe(into.volume);
  expect(noisy.tomogram.data).toEqual(alone.tomogram.data);
  expect(noisy.images).toEqual(alone.images);
  expect(series.images).toEqual(whole.images); // the noise-free ones are shared by several ratios
  expect(reports.filter((report) => report.stage === "projecting").map((report) => report.done)).toEqual([0, 1, 2, 3]);
  expect(reports.at(-1)).toEqual({ stage: "reconstructing", done: 3, total: 3 });
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
