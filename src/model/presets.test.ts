import { expect, test } from "vitest";
import { ConfigError } from "../errors.js";
import { op } from "../graph/index.js";
import { collectLayout } from "./parameters.js";
import { createNetwork, presetConfig, presetNames } from "./presets.js";

const parametersOf = (config: ReturnType<typeof presetConfig>): string[] =>
  collectLayout((layers) => createNetwork(config).forward(layers, op.input("volumes", [2, 32, 32, 32]))).parameters.map(
    ({ name }) => name,
  );

test("every preset has a network that embeds and masks, and says its own name", () => {
  for (const name of presetNames) {
    const config = presetConfig(name);
    expect(config.preset).toBe(name);
    const names = parametersOf(config);
    expect(names.some((parameter) => parameter.includes("duse"))).toBe(true);
    expect(names).toContain("mask.weights");
  }
});

test("switches take the named part out of any preset", () => {
  for (const name of presetNames) {
    expect(parametersOf(presetConfig(name, { duse: false })).filter((p) => p.includes("duse"))).toEqual([]);
    const plain = parametersOf(presetConfig(name, { decoder: false }));
    expect(plain.filter((p) => /^(up\d|decoder|mask)/.test(p))).toEqual([]);
    expect(plain).toContain("embedding.weights");
  }
});

test("the released network shares one DuSE between two levels; the paper's has one at each", () => {
  const encoderDuse = (name: "paper" | "released"): string[] =>
    parametersOf(presetConfig(name)).filter((p) => p.endsWith("duse.spatial.weights") && !p.startsWith("decoder"));
  expect(encoderDuse("released")).toEqual(["encoder.duse.spatial.weights"]);
  expect(encoderDuse("paper")).toHaveLength(3);
});

test("channels scale every level", () => {
  expect(presetConfig("cosnet", { channels: 24 })).toMatchObject({ widths: [24, 72, 144] });
  expect(presetConfig("paper", { channels: 16 })).toMatchObject({ channels: 16 });
  for (const channels of [1, 2.5, Number.NaN])
    expect(() => presetConfig("released", { channels })).toThrow(
      new ConfigError(`${channels} channels cannot be used: DuSE halves them`, { hint: "Give 2 or more." }),
    );
});

test("switches that are not given leave the defaults as they are", () => {
  expect(presetConfig("cosnet", {})).toEqual({
    preset: "cosnet",
    widths: [16, 48, 96],
    blocks: [1, 2, 2],
    duse: true,
    decoder: true,
    hiddenSize: 256,
    embeddingSize: 128,
  });
});
