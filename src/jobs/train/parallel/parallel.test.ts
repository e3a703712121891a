import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cosnetDefaults } from "../../../model/index.js";
import type { TrainOptions } from "../options.js";
import { train } from "../train.js";
import { meetingPlace } from "./meeting-place.js";
import { createStep, type Worker } from "./step.js";
import { workForTraining } from "./work.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-parallel-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = (name: string): TrainOptions => ({
  outputFolder: join(folder, name),
  steps: 3,
  seed: 3,
  network: { ...cosnetDefaults, widths: [8, 8, 8], blocks: [1, 1, 1], hiddenSize: 8, embeddingSize: 8 },
  batch: { classes: 2, structureClasses: 0, pool: 4, freshClasses: 1 },
  batchesPerStep: 2,
  validateSteps: 3,
  validationViews: 2,
  threads: 1,
});

const modelOf = (name: string) => readFile(join(folder, name, "model.onnx"));

/** Resolves with where workers are awaited in a folder. */
async function announced(name: string) {
  for (;;) {
    const place = await meetingPlace(join(folder, name)).catch(() => undefined);
    if (place) return place;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("one worker, and two until the training is stopped and one that continues it, make the same bytes", async () => {
  const { volumesSeen } = await train({ ...small("one"), workers: 1 });
  expect(volumesSeen).toBe(3 * 2 * 2 * 2);

  const controller = new AbortController();
  const onProgress = ({ stage, done }: { stage: string; done: number }) => {
    if (stage === "training" && done === 2) controller.abort();
  };
  const stopped = train({ ...small("stopped"), workers: 2, onProgress, signal: controller.signal });
  await expect(stopped).rejects.toMatchObject({ tag: "abort" });
  await train({ ...small("stopped"), workers: 1 });
  expect(await modelOf("stopped")).toEqual(await modelOf("one"));
});

test("workers may come from elsewhere, before the training and during it, and go away: the bytes stay the same", async () => {
  const leaving = new AbortController();
  const options = { folder: join(folder, "elsewhere"), threads: 1 };
  const left = workForTraining({ ...options, signal: leaving.signal }).catch((error) => error);
  let joined: ReturnType<typeof workForTraining> | undefined;
  const warnings: string[] = [];
  await train({
    ...small("elsewhere"),
    workers: 0,
    onWarning: (warning) => warnings.push(warning),
    onProgress({ stage, done }) {
      if (stage === "training" && done === 1) joined = workForTraining(options);
      if (stage === "training" && done === 2) leaving.abort();
    },
  });
  expect(await left).toMatchObject({ tag: "abort" });
  expect((await joined!).batches).toBeGreaterThan(0);
  expect(warnings).toEqual([expect.stringMatching(/^the worker on .* has gone/)]);
  expect(await modelOf("elsewhere")).toEqual(await modelOf("one"));
});

test("whoever does not say the token is hung up on, and hears nothing", async () => {
  const controller = new AbortController();
  const training = train({ ...small("strangers"), workers: 0, signal: controller.signal });
  const { host, port } = await announced("strangers");
  expect(host).toBe("127.0.0.1");
  const heard = await new Promise<number>((resolve) => {
    let bytes = 0;
    const stranger = connect(port, host, () => stranger.write(Buffer.alloc(64, "x")));
    stranger.on("data", ({ length }) => {
      bytes += length;
    });
    stranger.on("error", () => {});
    stranger.on("close", () => resolve(bytes));
  });
  expect(heard).toBe(0);
  controller.abort();
  await expect(training).rejects.toMatchObject({ tag: "abort" });
});

test("more workers than batches are refused; nobody is waited for for ever", async () => {
  await expect(train({ ...small("many"), workers: 3 })).rejects.toThrow(
    "3 workers have nothing to share in a step of 2 batches",
  );
  await expect(workForTraining({ folder: join(folder, "nobody"), waitSeconds: 0 })).rejects.toThrow(
    /no training in .*nobody asked for workers within 0 s/,
  );
  // What a killed training leaves leads nowhere.
  await writeFile(
    join(folder, "workers.json"),
    JSON.stringify({ host: "127.0.0.1", port: 1, token: "t", version: "0" }),
  );
  await expect(workForTraining({ folder, waitSeconds: 0 })).rejects.toThrow(/asked for workers within 0 s/);
});

test("the batches of a worker that has gone are asked of the others", async () => {
  const sent: string[] = [];
  const workerOf = (name: string): Worker => ({
    name,
    asked: new Set(),
    wire: {
      send: (message) => message.type === "find" && sent.push(`${name}: ${message.batches} then ${message.next}`),
      end() {},
      destroy() {},
    },
  });
  const [a, b] = [workerOf("a"), workerOf("b")];
  const workers = new Set([a, b]);
  const none = new Float32Array(0);
  const request = { parameters: none, statistics: none, batches: [4, 5, 6, 7], next: [8, 9, 10, 11] };
  const step = createStep(workers, request);
  step.share();
  expect(sent.splice(0)).toEqual(["a: 4,6 then 8,10", "b: 5,7 then 9,11"]);
  const report = { classificationLoss: 0, diceLoss: 0, maskCrossEntropy: 0, gradientNorm: 0, accuracy: 0 };
  const found = (batch: number) => ({ gradient: Float32Array.of(batch), statistics: none, report });
  for (const [worker, batch] of [
    [a, 4],
    [b, 5],
  ] as const) {
    worker.asked.delete(batch);
    step.take(batch, found(batch));
  }
  workers.delete(b);
  step.share();
  expect(sent).toEqual(["a: 7 then 11"]);
  step.take(7, found(7));
  step.take(6, found(6));
  expect((await step.found).map(({ gradient }) => gradient[0])).toEqual([4, 5, 6, 7]);
});
