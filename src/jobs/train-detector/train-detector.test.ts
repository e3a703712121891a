import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ConfigError } from "../../errors.js";
import { decodeDetectorDescription } from "../../model/index.js";
import { readModelMetadata } from "../../runtime/index.js";
import { trainDetector } from "./train-detector.js";

const root = await mkdtemp(join(tmpdir(), "cosnet-detector-"));
afterAll(() => rm(root, { recursive: true, force: true }));

/** As small as it can be: the point is that the parts fit together, not that it learns. */
const tiny = {
  seed: 2,
  steps: 2,
  specimens: 1,
  validationSpecimens: 1,
  specimenShape: [32, 40, 48],
  patches: 1,
  patchEdge: 32,
  validateSteps: 2,
  network: { widths: [2, 2, 2], blocks: [1, 1, 1] },
  threads: 1,
} as const;

test("a detector's training that is stopped and continued ends with the same bytes as one that is not", async () => {
  const straight = await trainDetector({ ...tiny, outputFolder: join(root, "straight") });
  expect(straight).toMatchObject({ steps: 2, patchesSeen: 2, seed: 2 });
  expect(straight.history.map(({ step }) => step)).toEqual([2]);
  expect(straight.history[0]!.conditions.map(({ condition }) => condition)).toContain("SNR 0.5");
  const description = decodeDetectorDescription(readModelMetadata(await readFile(straight.modelPath)));
  expect(description).toMatchObject({ config: tiny.network, provenance: { steps: 2, patchesSeen: 2 } });

  const stop = new AbortController();
  const options = { ...tiny, outputFolder: join(root, "stopped") };
  const onProgress = ({ stage, done }: { stage: string; done: number }) => {
    if (stage === "training" && done === 1) stop.abort();
  };
  await expect(trainDetector({ ...options, onProgress, signal: stop.signal })).rejects.toThrow("stopped");
  const continued = await trainDetector(options);
  expect(await readFile(continued.modelPath)).toEqual(await readFile(straight.modelPath));

  await expect(trainDetector({ ...options, steps: 3 })).rejects.toThrow(/other settings \(steps\)/);
});

test("what cannot be trained is refused before anything is simulated", async () => {
  const options = { ...tiny, outputFolder: join(root, "refused") };
  await expect(trainDetector({ ...options, specimens: 0 })).rejects.toThrow(ConfigError);
  await expect(trainDetector({ ...options, patchEdge: 20 })).rejects.toThrow(/patches of 20 voxels/);
});
