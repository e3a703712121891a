import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AbortError } from "../src/errors.js";
import { readMrc, readParticles } from "../src/io/index.js";
import { demo } from "../src/jobs/demo/demo.js";
import { untrainedModel } from "./untrained-model.js";

let folder: string;
let modelPath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-demo-test-"));
  modelPath = join(folder, "untrained.onnx");
  await writeFile(modelPath, untrainedModel());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = (name: string, seed = 3) => ({
  outputFolder: join(folder, name),
  modelPath,
  classCount: 3,
  particlesPerClass: 3,
  seed,
  threads: 1,
});

describe("demo", () => {
  test("writes a report, lists, particles and masks that fit each other", async () => {
    const stages = new Set<string>();
    const result = await demo({ ...small("first"), onProgress: ({ stage }) => stages.add(stage) });
    expect(result).toMatchObject({ classes: 3, particles: 6, seed: 3, snr: 0.5 });
    expect(result.accuracy).toBe(result.correct / 6);
    expect([...stages]).toEqual(["imaging particles", "looking at particles", "writing report and files"]);

    const report = await readFile(result.reportPath, "utf8");
    expect(report).toContain(`From one example each, ${result.correct} of 6 particles recognised`);
    expect(report).toContain(result.model.slice(0, 14));

    const list = readParticles(await readFile(result.particlesPath, "utf8"));
    expect(list.particles).toHaveLength(6);
    expect(list.voxelSizeAngstrom).toBe(10);
    let agree = 0;
    for (const { imageName, className, extra } of list.particles) {
      const particle = readMrc(await readFile(join(folder, "first", imageName!)));
      expect(particle.volume.shape).toEqual([32, 32, 32]);
      expect(particle.voxelSizeAngstrom).toBeCloseTo(10, 5);
      if (className === extra.cosnetTrueClassName) agree++;
    }
    expect(agree).toBe(result.correct);
    expect(await readdir(join(folder, "first", "masks"))).toHaveLength(9);
  });

  test("the same seed gives the same particles, another seed others", async () => {
    await demo(small("again"));
    await demo(small("other", 4));
    const file = (name: string) => readFile(join(folder, name, "particles", "particle-002.mrc"));
    expect((await file("again")).equals(await file("first"))).toBe(true);
    expect((await file("other")).equals(await file("first"))).toBe(false);
  });

  test("aborting leaves nothing behind", async () => {
    const controller = new AbortController();
    const running = demo({
      ...small("aborted"),
      signal: controller.signal,
      onProgress: ({ stage }) => stage.startsWith("writing") && controller.abort(),
    });
    await expect(running).rejects.toThrow(AbortError);
    expect(existsSync(join(folder, "aborted"))).toBe(false);
  });

  test("aborting between two files removes those that were written", async () => {
    let questions = 0;
    const signal = {
      throwIfAborted() {},
      get aborted() {
        return ++questions > 9;
      },
    } as unknown as AbortSignal;
    await expect(demo({ ...small("halfway"), signal })).rejects.toThrow(AbortError);
    expect(existsSync(join(folder, "halfway"))).toBe(false);
  });

  test("refuses impossible counts", async () => {
    await expect(demo({ ...small("none"), classCount: 1 })).rejects.toThrow("a demo with 1 classes of 3 particles");
  });
});
