import { expect, test } from "vitest";
import { op, type Tensor } from "../graph/index.js";
import { collectLayout, constantLayers, type Layers, splitParameters, trainedLayers } from "./parameters.js";

const build = (layers: Layers): void => {
  const x = layers.convNorm("first", op.input("x", [4, 2, 4, 4]), 3, 2);
  layers.norm("last", x);
  layers.parameter("scale", [1], 0.5);
};

test("parameters lie one behind the other in the order of first use", () => {
  const layout = collectLayout(build);
  expect(layout.parameters).toEqual([
    { name: "first.weights", shape: [3, 2, 3, 3, 3], initial: { fanIn: 54, gain: 2 }, offset: 0 },
    { name: "first.norm.gamma", shape: [1, 3, 1, 1], initial: 1, offset: 162 },
    { name: "first.norm.beta", shape: [1, 3, 1, 1], initial: 0, offset: 165 },
    { name: "last.gamma", shape: [1, 3, 1, 1], initial: 1, offset: 168 },
    { name: "last.beta", shape: [1, 3, 1, 1], initial: 0, offset: 171 },
    { name: "scale", shape: [1], initial: 0.5, offset: 174 },
  ]);
  expect(layout.parameterCount).toBe(175);
  expect(layout.statistics).toEqual([
    { name: "first.norm.mean", shape: [3], initial: 0, offset: 0 },
    { name: "first.norm.variance", shape: [3], initial: 1, offset: 3 },
    { name: "last.mean", shape: [3], initial: 0, offset: 6 },
    { name: "last.variance", shape: [3], initial: 1, offset: 9 },
  ]);
  expect(layout.statisticCount).toBe(12);
});

test("a name that two layers claim is a programming error", () => {
  const twice = (layers: Layers): void => {
    layers.parameter("scale", [1], 0);
    layers.parameter("scale", [1], 0);
  };
  expect(() => collectLayout(twice)).toThrow("parameter scale is defined twice");
});

test("training layers take their parts of the flat vector and record batch statistics in the layout's order", () => {
  const layout = collectLayout(build);
  const flat = op.input("parameters", [layout.parameterCount]);
  const statistics: Tensor[] = [];
  const parts = splitParameters(layout, flat);
  const layers = trainedLayers(layout, parts, statistics);
  build(layers);
  expect(statistics.map(({ shape }) => shape)).toEqual(layout.statistics.map(({ shape }) => shape));
  expect(parts.map(({ shape }) => shape)).toEqual(layout.parameters.map(({ shape }) => shape));
  expect(layers.parameter("last.beta", [1, 3, 1, 1], 0)).toBe(parts[4]);
  expect(parts[4]).toMatchObject({
    operation: { kind: "reshape", shape: [1, 3, 1, 1] },
    inputs: [{ operation: { kind: "slice", axis: 0, start: 171, end: 174 }, inputs: [flat] }],
  });
});

test("inference layers fold the norm into weights and shift", () => {
  const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
  const layers = constantLayers(
    new Map([
      ["c.weights", ones(2 * 27)],
      ["c.norm.gamma", Float32Array.of(2, 3)],
      ["c.norm.beta", Float32Array.of(10, 20)],
      ["c.norm.mean", Float32Array.of(1, 2)],
      ["c.norm.variance", Float32Array.of(4 - 1e-5, 9 - 1e-5)],
    ]),
  );
  // scale = gamma / sqrt(variance + 1e-5) = 1 for both; shift = beta - mean scale
  const { operation, inputs } = layers.convNorm("c", op.input("x", [2, 1, 2, 2]), 2, 2);
  expect(operation.kind).toBe("add");
  const [weights, shift] = [inputs[0].inputs[1], inputs[1]].map(
    (tensor) => tensor.operation.kind === "constant" && [...tensor.operation.value],
  );
  for (const weight of weights as number[]) expect(weight).toBeCloseTo(1, 6);
  expect((shift as number[]).map((value) => Math.round(value * 1e4) / 1e4)).toEqual([9, 18]);
});

test("values that lack a parameter are a programming error that names it", () => {
  const layers = constantLayers(new Map());
  expect(() => layers.parameter("mask.bias", [1], 0)).toThrow("a parameter mask.bias that the values lack");
});
