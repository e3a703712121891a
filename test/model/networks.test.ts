import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../src/files/model/onnx-runtime.js";
import { createEmbedder, similarityMatrix } from "../../src/infer/index.js";
import {
  createNetwork,
  encodeModel,
  type ParameterLayout,
  type ParameterSpec,
  trainingStep,
  trainingStepDefaults,
} from "../../src/model/index.js";
import type { Array32 } from "../../src/runtime/index.js";
import { loadFixture } from "../fixtures/load.js";
import { expectClose } from "../graph/check-operation.js";
import { runGraph, targets } from "../graph/run-graph.js";
import { CLASSES, EDGE, networkCases } from "./network-cases.js";

/** Float32 through some ten layers against float64. */
const FORWARD_TOLERANCE = 1e-5;
/**
 * Forward and back, through norms over small batches, relative to each parameter's largest gradient, which may itself be what is
 * left of terms a thousand times larger.
 */
const GRADIENT_TOLERANCE = 1e-3;
/** A few roundings of float32 numbers of size 3 (2e-7 each); a decay of 1e-4 of a weight is ten times that. */
const UPDATE_TOLERANCE = 5e-6;
/** Two ways through the norms of small batches, which amplify rounding. */
const STATISTICS_TOLERANCE = 1e-4;
/** Some gradients vanish in exact arithmetic (a bias before a batch norm); theirs are compared with the largest of all. */
const VANISHING = 1e-6;

const { volumes, masks } = Object.fromEntries(loadFixture("network-inputs")) as Record<string, Array32>;

/** The values under `prefix/`, by name. */
function valuesOf(arrays: ReadonlyMap<string, Array32>, prefix: string): Map<string, Float32Array> {
  return new Map(
    [...arrays]
      .filter(([key]) => key.startsWith(`${prefix}/`))
      .map(([key, { data }]) => [key.slice(prefix.length + 1), data]),
  );
}

/** Named values in a flat vector. */
function flatten(specs: readonly ParameterSpec[], count: number, values: ReadonlyMap<string, Float32Array>): Array32 {
  const data = new Float32Array(count);
  for (const { name, offset } of specs) data.set(values.get(name)!, offset);
  return { data, shape: [count] };
}

const lengthsOf = (layout: ParameterLayout): Map<string, number> =>
  new Map(
    [...layout.parameters, ...layout.statistics].map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]),
  );

for (const [name, config] of Object.entries(networkCases)) {
  describe(name, () => {
    const stored = loadFixture(`network-${name}`);
    const values = valuesOf(stored, "value");
    const network = createNetwork(config);
    const step = trainingStep(network, { ...trainingStepDefaults, classes: CLASSES, edge: EDGE });

    test("learns the same parameters, by name and size, as the PyTorch network", () => {
      expect(lengthsOf(step.layout)).toEqual(new Map([...values].map(([key, data]) => [key, data.length])));
    });

    test("the exported model gives PyTorch's embeddings and masks, at any batch size", async () => {
      const model = encodeModel(config, values, {}, { edge: EDGE });
      const embedder = await createEmbedder(nodeRuntime, model);
      try {
        const voxels = EDGE ** 3;
        for (const count of [1, 3, 2 * CLASSES]) {
          const got = await embedder.embed(volumes!.data.subarray(0, count * voxels));
          const rows = (array: Array32, rows: number): Array32 => {
            const size = array.data.length / array.shape[0]!;
            return { data: array.data.subarray(0, rows * size), shape: [rows, ...array.shape.slice(1)] };
          };
          const embedding = { data: got.embeddings, shape: [count, got.size] };
          expectClose(embedding, rows(stored.get("embedding")!, count), `embedding of ${count}`, FORWARD_TOLERANCE);
          const mask = stored.get("mask");
          expect(got.masks !== undefined).toBe(mask !== undefined);
          if (mask === undefined || got.masks === undefined) continue;
          const compared = Math.min(count, mask.shape[0]!);
          const masks = { data: got.masks, shape: [count, EDGE, EDGE, EDGE] };
          expectClose(rows(masks, compared), rows(mask, compared), `mask of ${count}`, FORWARD_TOLERANCE);
        }
      } finally {
        await embedder.release();
      }
    });

    test("inference with a batch's statistics equals training on that batch: norms fold without a trace", async () => {
      const { layout, outputs } = step;
      const zeros = { data: new Float32Array(layout.parameterCount), shape: [layout.parameterCount] };
      const inputs = {
        volumes: volumes!,
        masks: masks!,
        parameters: flatten(layout.parameters, layout.parameterCount, values),
        momentum: zeros,
        velocity: zeros,
        schedule: { data: Float32Array.of(0.01, 1, 1), shape: [3] },
      };
      const { statisticsMomentum: kept } = trainingStepDefaults;
      const none = { data: new Float32Array(layout.statisticCount), shape: [layout.statisticCount] };
      const { logits, newStatistics } = await runGraph(outputs, { ...inputs, statistics: none });
      const ofBatch = newStatistics!.data.map((value) => value / (1 - kept));

      const before = flatten(layout.statistics, layout.statisticCount, values);
      const blended = (await runGraph(outputs, { ...inputs, statistics: before })).newStatistics!;
      const expectedBlend = ofBatch.map((value, i) => kept * before.data[i]! + (1 - kept) * value);
      expectClose(blended, { data: expectedBlend, shape: blended.shape }, "running statistics");

      const withBatch = new Map(values);
      for (const { name: statistic, offset, shape } of layout.statistics)
        withBatch.set(statistic, ofBatch.slice(offset, offset + shape[0]!));
      const embedder = await createEmbedder(nodeRuntime, encodeModel(config, withBatch, {}, { edge: EDGE }));
      try {
        const voxels = EDGE ** 3;
        const first = await embedder.embed(volumes!.data.subarray(0, CLASSES * voxels));
        const second = await embedder.embed(volumes!.data.subarray(CLASSES * voxels));
        const matrix = similarityMatrix(first, second, embedder.description);
        const temperature = Math.exp(values.get("logTemperature")?.[0] ?? 0);
        // Scores come in groups of so many classes along the diagonal.
        const size = logits!.shape.at(-1)!;
        const expected = logits!.data.map((_, i) => {
          const [group, row, column] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
          return temperature * matrix[(group * size + row) * CLASSES + group * size + column]!;
        });
        expectClose(logits!, { data: expected, shape: logits!.shape }, "scores", STATISTICS_TOLERANCE);
      } finally {
        await embedder.release();
      }
    });

    for (const target of targets) {
      test(`one training step has PyTorch's losses and gradients, ${target}`, async () => {
        const { layout, outputs } = step;
        const zeros = { data: new Float32Array(layout.parameterCount), shape: [layout.parameterCount] };
        const results = await runGraph(
          outputs,
          {
            volumes: volumes!,
            masks: masks!,
            parameters: flatten(layout.parameters, layout.parameterCount, values),
            statistics: flatten(layout.statistics, layout.statisticCount, values),
            momentum: zeros,
            velocity: zeros,
            // A learning rate of 1 makes the decay visible; the moments are not corrected.
            schedule: { data: Float32Array.of(1, 1, 1), shape: [3] },
          },
          { target },
        );
        const report = results.report!.data;
        expectClose({ data: report.slice(0, 3), shape: [3] }, stored.get("report")!, "losses", FORWARD_TOLERANCE);

        // The first momentum is (1 - beta1) times the gradient, which has been scaled to the clipping length at most.
        const { beta1, clipNorm } = network.training.optimiser;
        const scale = (1 - beta1) / Math.max(1, report[3]! / clipNorm);
        const gradients = valuesOf(stored, "gradient");
        const norm = Math.sqrt([...gradients.values()].reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0));
        expect(report[3]! / norm).toBeCloseTo(1, 4);
        for (const { name: parameter, offset } of layout.parameters) {
          const expected = gradients.get(parameter)!;
          const actual = results.newMomentum!.data.slice(offset, offset + expected.length).map((v) => v / scale);
          const shape = [expected.length];
          if (expected.every((value) => Math.abs(value) < VANISHING * norm))
            for (const value of actual) expect(Math.abs(value), parameter).toBeLessThan(2 * VANISHING * norm);
          else
            expectClose(
              { data: actual, shape },
              { data: expected, shape },
              `gradient in ${parameter}`,
              GRADIENT_TOLERANCE,
            );
        }

        // Weights decay; biases and norms do not.
        const { weightDecay } = network.training.optimiser;
        for (const { name: parameter, offset } of layout.parameters) {
          values.get(parameter)!.forEach((before, i) => {
            const [moved, momentum, velocity] = ["newParameters", "newMomentum", "newVelocity"].map(
              (key) => results[key]!.data[offset + i]!,
            ) as [number, number, number];
            const decay = parameter.endsWith(".weights") ? weightDecay * before : 0;
            const expected = before - momentum / (Math.sqrt(velocity) + 1e-8) - decay;
            expect(Math.abs(moved - expected), parameter).toBeLessThan(UPDATE_TOLERANCE);
          });
        }
      });
    }
  });
}

test("similarity by the fully connected layer is what the exported model describes", async () => {
  const stored = loadFixture("network-paper");
  const values = valuesOf(stored, "value");
  const embedder = await createEmbedder(nodeRuntime, encodeModel(networkCases.paper!, values, {}, { edge: EDGE }));
  try {
    const embedded = await embedder.embed(volumes!.data.subarray(0, 3 * EDGE ** 3));
    const matrix = similarityMatrix(embedded, embedded, embedder.description);
    const weights = values.get("similarity.weights")!;
    const bias = values.get("similarity.bias")![0]!;
    const { size, embeddings: e } = embedded;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const score = weights.reduce((s, w, k) => s + w * Math.abs(e[i * size + k]! - e[j * size + k]!), bias);
        expect(matrix[i * 3 + j]).toBeCloseTo(score, 5);
      }
    }
  } finally {
    await embedder.release();
  }
});
