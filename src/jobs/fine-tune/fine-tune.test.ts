import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeWeights, storedNetwork } from "../../files/model/weights.js";
import { cosnetDefaults, createNetwork, trainingStep, trainingStepDefaults } from "../../model/index.js";
import { initialState } from "../../train/index.js";
import { createRandom } from "../../volume/index.js";
import { classify } from "../classify/classify.js";
import { simulateParticles } from "../simulate-particles/simulate-particles.js";
import { fineTune } from "./fine-tune.js";
import { batchClasses, type FineTuneOptions } from "./options.js";
import { splitParticles } from "./particles.js";

const network = { ...cosnetDefaults, widths: [8, 8, 16], blocks: [1, 1, 1], hiddenSize: 16, embeddingSize: 8 } as const;

let folder: string;
let options: Omit<FineTuneOptions, "outputFolder">;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cosnet-fine-tune-"));
  const { layout } = trainingStep(createNetwork(network), { ...trainingStepDefaults, classes: 2 });
  const weightsPath = join(folder, "weights.safetensors");
  await writeFile(weightsPath, encodeWeights(network, layout, initialState(layout, 1)));
  const { starFile } = await simulateParticles({
    source: { procedural: 2 },
    particlesPerClass: 4,
    snr: 5,
    seed: 5,
    outputFolder: join(folder, "particles"),
  });
  options = {
    particlesPath: starFile,
    weightsPath,
    steps: 1,
    validateSteps: 1,
    validationViews: 2,
    pool: 8,
    threads: 1,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("fine-tuning takes the network from the weights, scores the start, and writes a model that classifies", async () => {
  const outputFolder = join(folder, "tuned");
  const result = await fineTune({ ...options, outputFolder });
  expect(result.classes.map(({ training, heldOut }) => [training, heldOut])).toEqual([
    [3, 1],
    [3, 1],
  ]);
  expect(result.history[0]).toMatchObject({ step: 0, heldOut: { particles: 2 } });
  expect(result.history.map(({ step }) => step)).toEqual([0, 1]);
  expect(result.history).toContainEqual(result.after);
  expect(JSON.parse(await readFile(result.reportPath, "utf8"))).toMatchObject({ heldOutRows: result.heldOutRows });
  expect(await storedNetwork(result.weightsPath)).toEqual(network);
  const classified = await classify({
    examples: [options.particlesPath],
    particlesPath: options.particlesPath,
    outputFolder: join(folder, "classified"),
    modelPath: result.modelPath,
    testTimeAveraging: true,
    threads: 1,
  });
  expect(classified.particles).toBe(8);
  const { recognised, of, doubtful } = classified.exampleAgreement!;
  expect([of, recognised + doubtful.length]).toEqual([8, 8]);

  await expect(fineTune({ ...options, outputFolder })).rejects.toThrow("model.onnx is there already");
  const again = await fineTune({ ...options, outputFolder: join(folder, "again") });
  expect(await readFile(again.weightsPath)).toEqual(await readFile(result.weightsPath));
});

test("with nothing held out it takes the last step that has not forgotten", async () => {
  const result = await fineTune({ ...options, outputFolder: join(folder, "all"), heldOutShare: 0 });
  expect(result.heldOutRows).toEqual([]);
  expect(result.after.heldOut).toBeUndefined();
  expect(result.classes.map(({ training }) => training)).toEqual([4, 4]);
});

test("particles are held out of each class in proportion; two stay at least; too few are refused by name", () => {
  const split = (counts: readonly number[], share: number) => {
    const labels = counts.flatMap((count, label) => Array.from({ length: count }, () => label));
    const volumes = Float32Array.from({ length: labels.length * 8 }, (_, i) => Math.floor(i / 8));
    const names = counts.map((_, label) => `class ${label}`);
    const random = createRandom("split");
    return splitParticles({ volumes, labels, edge: 2 }, { fraction: share, names, path: "list.star", random });
  };
  const { training, heldOut, heldOutRows } = split([3, 10], 0.3);
  expect(Array.from(heldOut.labels)).toEqual([0, 1, 1, 1]);
  expect(Array.from(training.labels).filter((label) => label === 0)).toHaveLength(2);
  const rowsOf = ({ volumes }: typeof heldOut) => [...volumes].filter((_, i) => i % 8 === 0);
  expect(rowsOf(heldOut)).toEqual(heldOutRows);
  expect([...rowsOf(training), ...heldOutRows].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i));
  expect(() => split([3, 2], 0.3)).toThrow('list.star: only 2 particles are of class "class 1"');
  expect(split([3, 2], 0).heldOutRows).toEqual([]);
});

test("a batch holds all of few classes and as many or more simulated ones", () => {
  expect(batchClasses(2)).toEqual({ own: 2, simulated: 8 });
  expect(batchClasses(30)).toEqual({ own: 12, simulated: 12 });
});
