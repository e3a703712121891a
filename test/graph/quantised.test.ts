/** Networks in 8 bits: exact where numbers are whole, near float32 elsewhere. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/files/model/index.js";
import { encodeOnnx, op, type QuantisedRanges, quantisedTensors, type Tensor } from "../../src/graph/index.js";
import { type Array32, createSession } from "../../src/runtime/index.js";
import { createRandom } from "../../src/volume/index.js";
import { runGraph } from "./run-graph.js";

const [DEPTH, EDGE, CHANNELS] = [4, 4, 16];
const random = createRandom("quantised");

async function runQuantised(
  outputs: Record<string, Tensor>,
  inputs: Record<string, Array32>,
  quantised: QuantisedRanges,
) {
  await using session = await createSession(nodeRuntime, encodeOnnx(outputs, { target: "cpu", quantised }), {
    threads: 1,
  });
  return await session.run(inputs);
}

test.each([
  ["the largest weights and activations there are", () => [255, 64]],
  ["any others", () => [random.integer(256), random.integer(129) - 64]],
])("sums of whole numbers are exact up to the rounding of the result: %s", async (_, draw) => {
  const shape = [DEPTH, CHANNELS, EDGE, EDGE];
  const data = Float32Array.from({ length: DEPTH * CHANNELS * EDGE ** 2 }, () => draw()[0]!);
  const weights = Float32Array.from({ length: CHANNELS ** 2 * 27 }, (_, i) => (i % 27 === 0 ? 64 : draw()[1]!));
  const x = op.input("x", shape);
  const y = op.conv3d(x, op.constant(weights, [CHANNELS, CHANNELS, 3, 3, 3], "w"), DEPTH);
  const { y: exact } = await runGraph({ y }, { x: { data, shape } });
  const largest = exact!.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const { y: found } = await runQuantised(
    { y },
    { x: { data, shape } },
    new Map([
      ["w input", [0, 255]],
      ["w", [-largest, largest]],
    ]),
  );
  const step = (2 * largest) / 255;
  const worst = found!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - exact!.data[i]!)), 0);
  expect(worst).toBeLessThan(0.501 * step);
});

test("every step of a network is near what it is in float32, and lies in the same order", async () => {
  const constant = (name: string, shape: number[], size: number) =>
    op.constant(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => size * random.normal()),
      shape,
      name,
    );
  const shape = [2 * DEPTH, 8, 8, 8];
  const convolution = (name: string, input: Tensor, outputs: number, stride: 1 | 2 = 1, depth = DEPTH) => {
    const channels = input.shape[1]!;
    const weights = constant(name, [outputs, channels, 3, 3, 3], 1 / Math.sqrt(27 * channels));
    return op.add(op.conv3d(input, weights, depth, stride), constant(`${name}.bias`, [1, outputs, 1, 1], 0.3));
  };
  const byVolume = (input: Tensor, depth: number) =>
    op.reshape(input, [-1, depth, input.shape[1]!, input.shape[2]! * input.shape[3]!]);
  const stem = op.relu(convolution("stem", op.input("x", shape), 16));
  const block = op.relu(op.add(stem, convolution("second", op.relu(convolution("first", stem, 16)), 16)));
  const view = byVolume(block, DEPTH);
  const channelGate = op.reshape(op.sigmoid(op.reshape(op.mean(view, [1, 3]), [-1, 16])), [-1, 1, 16, 1]);
  const sums = op.matmul(constant("spatial", [1, 16], 0.5), op.reshape(block, [-1, 16, 64]));
  const voxelGate = byVolume(
    op.sigmoid(op.add(op.reshape(sums, [-1, 1, 8, 8]), constant("shift", [1, 1, 1, 1], 1))),
    DEPTH,
  );
  const gated = op.reshape(op.multiply(view, op.add(channelGate, voxelGate)), block.shape);
  const down = op.relu(convolution("coarser", gated, 32, 2));
  const mixed = op.reshape(op.matmul(constant("mix", [16, 32], 0.2), op.reshape(down, [-1, 32, 16])), [-1, 16, 4, 4]);
  const up = op.upsample(op.add(mixed, constant("mix.bias", [1, 16, 1, 1], 0.1)), DEPTH / 2);
  const joined = op.add(up, gated);
  const outputs = {
    ...{ gated, down, joined },
    few: convolution("eight", joined, 8),
    pooled: op.multiply(op.sumPool(joined, DEPTH), 1 / 8),
    most: op.max(byVolume(down, DEPTH / 2), [1, 3]),
    weighted: op.matmul(op.reshape(down, [-1, 32, 16]), op.reshape(op.sigmoid(op.slice(down, 1, 0, 1)), [-1, 16, 1])),
    products: op.matmul(constant("heads", [10, 16], 0.3), op.reshape(joined, [-1, 16, 64])),
  };
  const x = { data: Float32Array.from({ length: 2 * DEPTH * 8 * 64 }, () => random.normal()), shape };
  const exact = await runGraph(outputs, { x });
  const tensors = [...quantisedTensors(outputs)];
  const measured = await runGraph(Object.fromEntries(tensors.map(([name, tensor]) => [`values of ${name}`, tensor])), {
    x,
  });
  const ranges = tensors.map(([name]) => {
    const { data } = measured[`values of ${name}`]!;
    return [name, [Math.min(...data), Math.max(...data)]] as const;
  });
  expect(ranges.map(([name]) => name)).toEqual(
    expect.arrayContaining(["stem input", "second shift", "spatial", "mix"]),
  );
  const found = await runQuantised(outputs, { x }, new Map(ranges));
  for (const [name, { data, shape: given }] of Object.entries(exact)) {
    expect(found[name]!.shape).toEqual(given);
    const [error, size] = data.reduce(
      ([error, size], value, i) => [error! + (found[name]!.data[i]! - value) ** 2, size! + value ** 2],
      [0, 0],
    );
    expect(Math.sqrt(error! / size!), name).toBeLessThan(RELATIVE_ERROR);
  }
});

/** Of the root mean square: seven layers, each rounded to one in 255 of its range; a step that is wrong is off by 1. */
const RELATIVE_ERROR = 0.05;
