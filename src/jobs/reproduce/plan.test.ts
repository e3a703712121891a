import { expect, test } from "vitest";
import { arithmeticOf } from "./arithmetic.js";
import { reproductionNetworks, reproductionSettings } from "./plan.js";

const full = { outputFolder: "out", structureFolders: ["structures"] };

test("ours sees no more volumes and takes less arithmetic than any form of the paper's network", () => {
  const settings = reproductionSettings({ ...full, trainedWays: [2, 6] });
  const networks = reproductionNetworks(settings);
  const cost = (key: string) => {
    const { network, classes, steps } = networks.find((entry) => entry.key === key)!.training!;
    return { volumes: 2 * classes * steps, ...arithmeticOf(network, classes, steps) };
  };
  const own = cost("cosnet");
  const paper = ["scnn", "scnn-decoder", "duse-scnn", "duse-scnn-decoder", "duse-scnn-decoder-6way"].map(cost);
  for (const { volumes, trainingTeraflop } of paper) {
    expect(volumes).toBe(settings.volumes);
    expect(own.trainingTeraflop).toBeLessThan(trainingTeraflop);
    expect(own.volumes).toBeLessThan(volumes);
  }
  const classesOf = (key: string) => networks.find((entry) => entry.key === key)!.training!.classes;
  expect(classesOf("cosnet")).toBe(classesOf("duse-scnn-decoder")); // hence the same batches
  // no more of a handicap than one step
  const { trainingTeraflop } = arithmeticOf(networks.find(({ key }) => key === "cosnet")!.training!.network, 6, 1);
  expect(own.trainingTeraflop + trainingTeraflop).toBeGreaterThanOrEqual(cost("scnn").trainingTeraflop);
});

test("given settings replace those of a full or a quick run, undefined ones do not", () => {
  expect(reproductionSettings({ ...full, volumes: 12, episodes: undefined })).toMatchObject({
    quick: false,
    volumes: 12,
    episodes: 5000,
  });
  expect(reproductionSettings({ outputFolder: "out", quick: true, particlesPerClass: 5 })).toMatchObject({
    quick: true,
    particlesPerClass: 5,
    channels: 2,
  });
  expect(() => reproductionSettings({ ...full, particlesPerClass: 1 })).toThrow("at least 2 particles");
});
