import fc from "fast-check";
import { expect, test } from "vitest";
import { differentiate, elementCount, op, type Shape } from "../../src/graph/index.js";
import type { Array32 } from "../../src/runtime/index.js";
import { createRandom } from "../../src/volume/index.js";
import { expectClose } from "./check-operation.js";
import { blockedChannels, runGraph, targets } from "./run-graph.js";

/** Sums of up to 16 * 27 float32 products in another order. */
const REORDERING_TOLERANCE = 2e-6;

function normals(seed: string, shape: Shape): Array32 {
  const random = createRandom(seed);
  return { data: Float32Array.from({ length: elementCount(shape) }, () => random.normal()), shape };
}

/** A convolution with 16 or 32 channels and its gradients: large enough that blocked operators are used. */
function convolutionGraph(
  [channels, outputs]: readonly [number, number],
  [count, depth, edge]: readonly [number, number, number],
  stride: 1 | 2,
) {
  const x = op.input("x", [count * depth, channels, edge, edge]);
  const w = op.input("w", [outputs, channels, 3, 3, 3]);
  const y = op.conv3d(x, w, depth, stride);
  const g = op.input("g", y.shape);
  const [dx, dw] = differentiate(op.sum(op.multiply(y, g)), [x, w]);
  const inputs = Object.fromEntries([x, w, g].map(({ shape }, i) => ["xwg"[i]!, normals(`input ${i}`, shape)]));
  return { graph: { y, dx: dx!, dw: dw! }, inputs };
}

for (const stride of [1, 2] as const) {
  for (const [channels, outputs] of [
    [16, 16],
    [16, 32],
    [32, 16],
    [16, 8],
  ] as const) {
    test(`${channels} to ${outputs} channels with stride ${stride}: all encodings agree`, async () => {
      const { graph, inputs } = convolutionGraph([channels, outputs], [2, 4, 6], stride);
      const expected = await runGraph(graph, inputs);
      for (const target of targets) {
        const actual = await runGraph(graph, inputs, { target });
        for (const name of ["y", "dx", "dw"] as const)
          expectClose(actual[name]!, expected[name]!, `${name} (${target})`, REORDERING_TOLERANCE);
      }
    });
  }
}

/** The filter gradient sums over 32 slices of 36 voxels, one after the other where slices are a convolution's channels. */
const SUMMING_TOLERANCE = 1e-5;

// Slices in whole blocks: the filter gradient is a convolution, too. Channels need not fill a block.
for (const stride of [1, 2] as const)
  for (const [channels, outputs] of [
    [16, 16],
    [8, 16],
    [3, 8],
    [16, 24],
    [32, 48],
  ] as const)
    test(`32 slices, ${channels} to ${outputs} channels with stride ${stride}: all filter gradients agree`, async () => {
      for (const edge of [2, 6]) {
        const { graph, inputs } = convolutionGraph([channels, outputs], [8, 4, edge], stride);
        const expected = await runGraph({ dw: graph.dw }, inputs);
        for (const target of targets) {
          const actual = await runGraph({ dw: graph.dw }, inputs, { target });
          expectClose(actual.dw!, expected.dw!, `dw (${target}, ${edge})`, SUMMING_TOLERANCE);
        }
      }
    });

test("cells as channels: all encodings agree", async () => {
  for (const cells of [
    [2, 3, 2, 4, 2, 5, 2],
    [2, 3, 3, 2, 3, 1, 3],
    [2, 3, 2, 4, 3, 5, 2], // no cubes
  ]) {
    const x = op.input("x", cells);
    const graph = { y: op.transpose(x, [0, 1, 2, 4, 6, 3, 5]) };
    const inputs = { x: normals("cells", x.shape) };
    const expected = await runGraph(graph, inputs);
    for (const target of targets) expect(await runGraph(graph, inputs, { target })).toEqual(expected);
  }
});

// ONNX Runtime has it on every x64 processor; without it training would still be right, but slow.
test.skipIf(process.arch !== "x64")("blocked convolution is found where ONNX Runtime has it", () => {
  expect([8, 16]).toContain(blockedChannels);
});

/**
 * <conv(x, w), g> = <x, conv^T(g, w)> = <w, filterGradient(x, g)>: the three are adjoint to each other, for any sizes. The sums
 * are of a few thousand float32 products with mean zero; 1e-4 of their norms is far above rounding and far below any wrong tap.
 */
test("a convolution and its two gradients are adjoint", async () => {
  const sizes = fc.record({
    count: fc.integer({ min: 1, max: 2 }),
    channels: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 3 }),
    half: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 3 }))),
    stride: fc.constantFrom(1 as const, 2 as const),
    seed: fc.integer(),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ count, channels, outputs, half, stride, seed }) => {
      const [depth, height, width] = half.map((length) => 2 * length) as [number, number, number];
      const x = op.input("x", [count * depth, channels, height, width]);
      const w = op.input("w", [outputs, channels, 3, 3, 3]);
      const y = op.conv3d(x, w, depth, stride);
      const g = op.input("g", y.shape);
      const [dx, dw] = differentiate(op.sum(op.multiply(y, g)), [x, w]);
      const inputs = {
        x: normals(`x${seed}`, x.shape),
        w: normals(`w${seed}`, w.shape),
        g: normals(`g${seed}`, g.shape),
      };
      const results = await runGraph({ y, dx: dx!, dw: dw! }, inputs);
      const inY = inner(results.y!, inputs.g);
      const norm = Math.sqrt(inner(results.y!, results.y!) * inner(inputs.g, inputs.g));
      expect(Math.abs(inner(results.dx!, inputs.x) - inY)).toBeLessThan(1e-4 * norm);
      expect(Math.abs(inner(results.dw!, inputs.w) - inY)).toBeLessThan(1e-4 * norm);
    }),
    { numRuns: 25 },
  );
});

const inner = (a: Array32, b: Array32): number => a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0);
