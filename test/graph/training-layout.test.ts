import { expect, test } from "vitest";
import { elementCount, op, type Shape, type Tensor } from "../../src/graph/index.js";
import { decodeLevel, duse, globalMax, globalMean, pointwise, weightedSum } from "../../src/model/layers.js";
import { collectLayout, type Layers } from "../../src/model/parameters.js";
import { trainingGraph } from "../../src/model/training-graph.js";
import type { Array32 } from "../../src/runtime/index.js";
import { createRandom } from "../../src/volume/index.js";
import { expectClose } from "./check-operation.js";
import { blockedChannels, runGraph } from "./run-graph.js";

/** Gradients through four norms of float32 values that are summed in another order, of the largest value. */
const TOLERANCE = 2e-4;

/** Everything that stays in the blocked layout in training: norms, residues, gates, levels down and up, pooling within a mask. */
function network(layers: Layers, volumes: number, depth: number, edge: number, width: number): Tensor {
  const x = op.input("x", [volumes * depth, 8, edge, edge]);
  const first = op.relu(layers.convNorm("first", x, width, depth));
  const second = op.relu(op.add(first, layers.convNorm("second", first, width, depth)));
  const gated = duse(layers, "gate", second, depth);
  const deep = op.relu(layers.convNorm("down", gated, 2 * width, depth, 2));
  const up = decodeLevel(layers, "up", deep, gated, depth / 2);
  const mask = op.sigmoid(pointwise(layers, "mask", up, 1));
  const pooled = [globalMean(deep, depth / 2), globalMax(deep, depth / 2), weightedSum(up, mask, depth)];
  return op.mean(op.sqrt(op.add(op.multiply(op.concat(pooled, 1), op.concat(pooled, 1)), 1)));
}

function step(volumes: number, depth: number, edge: number, width: number) {
  const forward = (layers: Layers) => network(layers, volumes, depth, edge, width);
  const optimiser = {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    weightDecay: 0,
    clipNorm: Number.POSITIVE_INFINITY,
  };
  const graph = trainingGraph(forward, (loss) => ({ loss, figures: [loss] }), { optimiser, statisticsMomentum: 0.9 });
  const { parameterCount, statisticCount } = collectLayout(forward);
  const inputs = {
    x: normals("x", [volumes * depth, 8, edge, edge]),
    parameters: normals("parameters", [parameterCount], 0.3),
    statistics: normals("statistics", [statisticCount]),
  };
  return { outputs: graph.parts.gradient, inputs };
}

function normals(seed: string, shape: Shape, scale = 1): Array32 {
  const random = createRandom(seed);
  return { data: Float32Array.from({ length: elementCount(shape) }, () => scale * random.normal()), shape };
}

// Slices in whole blocks, fewer than a block, and neither, where gates cannot be spread by groups of slices.
for (const [volumes, depth, edge, width] of [
  [4, 8, 8, 16],
  [2, 4, 6, 16],
  [3, 6, 4, 16],
  [4, 4, 4, 32],
] as const)
  test.skipIf(blockedChannels === undefined)(
    `${volumes} volumes of ${depth} slices of ${edge}^2, ${width} channels: gradients in the blocked layout are those in the plain one`,
    async () => {
      const { outputs, inputs } = step(volumes, depth, edge, width);
      const expected = await runGraph(outputs, inputs);
      const actual = await runGraph(outputs, inputs, { target: "cpu blocked" });
      expect(Object.keys(actual).sort()).toEqual(["gradient", "newStatistics", "report"]);
      for (const [name, value] of Object.entries(expected)) expectClose(actual[name]!, value, name, TOLERANCE);
    },
  );
