import { expect, test } from "vitest";
import { op, type Tensor } from "../../src/graph/index.js";
import { createNetwork, type Layers, presetConfig, presetNames } from "../../src/model/index.js";
import { createRandom } from "../../src/volume/index.js";
import { runGraph } from "../graph/run-graph.js";

const CLASSES = 6;
const SIZE = 5;
const random = createRandom("shots");
const values = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

/** The same parameters at every call, whatever is asked for. */
const layers = {
  parameter: (name: string, shape: readonly number[]) => {
    const own = createRandom(name);
    return op.constant(
      Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => own.normal()),
      shape,
    );
  },
} as unknown as Layers;

test.each(presetNames)("%s: a class's score is the mean over its supports", async (preset) => {
  const { compare } = createNetwork(presetConfig(preset)).training;
  const shape = [CLASSES, SIZE];
  const [queries, first, second, third] = Array.from({ length: 4 }, () => op.constant(values(CLASSES * SIZE), shape));
  const scores = (...supports: Tensor[]): Tensor => compare(layers, queries!, supports).scores;
  const got = await runGraph(
    {
      together: scores(first!, second!, third!),
      first: scores(first!),
      second: scores(second!),
      third: scores(third!),
    },
    {},
  );
  got.together!.data.forEach((score, i) => {
    const mean = (got.first!.data[i]! + got.second!.data[i]! + got.third!.data[i]!) / 3;
    expect(score).toBeCloseTo(mean, 4);
  });
  expect(new Set(got.together!.data).size).toBeGreaterThan(CLASSES); // the scores do differ
});
