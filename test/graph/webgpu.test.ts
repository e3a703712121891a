import { describe, expect, test } from "vitest";
import { differentiate, op } from "../../src/graph/index.js";
import { createRandom } from "../../src/volume/index.js";
import { loadFixture } from "../fixtures/load.js";
import { checkOperation, expectClose } from "./check-operation.js";
import { operationCases } from "./operation-cases.js";
import { runGraph } from "./run-graph.js";
import { gpuText, softwareGpu } from "./software-gpu.js";
import { readCase } from "./stored-case.js";

/** Sums of up to 27 x 27 float32 products in another order. */
const REORDERING_TOLERANCE = 1e-5;

describe.skipIf(!softwareGpu)(`operations ${gpuText}`, () => {
  for (const [group, cases] of Object.entries(operationCases)) {
    const arrays = loadFixture(group);
    test.each(Object.entries(cases))(`${group}: %s, and its gradients, are PyTorch's`, async (name, build) => {
      const { inputs, output, outputGradient, gradients } = readCase(arrays, name);
      expect(gradients.length).toBeGreaterThan(0);
      await checkOperation({ build, inputs, outputGradient, oracle: { output, gradients } }, "webgpu");
    });
  }

  // Where ONNX Runtime's own convolution of the stacked slices is wrong: channels a multiple of 3, and not of 4, to a multiple of 4.
  test.each([
    [1, 4],
    [2, 4],
    [3, 4],
    [5, 8],
    [6, 16],
    [9, 4],
    [4, 6],
    [8, 4],
  ])("a convolution of %i channels into %i, and its gradients, are the processor's", async (channels, outputs) => {
    const random = createRandom(`${channels} ${outputs}`);
    const normals = (shape: readonly number[]) => ({
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
      shape,
    });
    const inputs = {
      x: normals([4, channels, 3, 3]),
      w: normals([outputs, channels, 3, 3, 3]),
      g: normals([4, outputs, 3, 3]),
    };
    const [x, w, g] = (["x", "w", "g"] as const).map((name) => op.input(name, inputs[name].shape));
    const y = op.conv3d(x!, w!, 2);
    const [dx, dw] = differentiate(op.sum(op.multiply(y, g!)), [x!, w!]);
    const graph = { y, dx: dx!, dw: dw! };
    const expected = await runGraph(graph, inputs);
    const given = await runGraph(graph, inputs, { target: "webgpu" });
    for (const name of ["y", "dx", "dw"] as const)
      expectClose(given[name]!, expected[name]!, name, REORDERING_TOLERANCE);
  });
});
