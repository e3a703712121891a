import * as onnxruntime from "onnxruntime-node";
import { expect, test } from "vitest";
import { createSession, type OnnxRuntime } from "../../runtime/index.js";
import { encodeExpectation } from "./expectation.js";

test("what is as good as impossible has a posterior that is small, and not denormal", async () => {
  const graph = encodeExpectation({
    ...{ particles: 1, references: 3, frequencies: 1 },
    ...{ phases: new Float32Array(1), logPriors: new Float32Array(1) },
  });
  const session = await createSession(onnxruntime as unknown as OnnxRuntime, graph, { threads: 1 });
  const found = await session.run({
    particles: { data: Float32Array.of(2, 0), shape: [1, 2] },
    measures: { data: Float32Array.of(1, 1, 1), shape: [1, 3] },
    references: { data: new Float32Array(6), shape: [3, 2] },
    factors: { data: new Float32Array(9), shape: [3, 3] },
    priors: { data: Float32Array.of(0, -20, -95), shape: [3] }, // exp(-95) is denormal
    noisePrior: { data: Float32Array.of(-200), shape: [1] },
  });
  await session.release();
  const [certain, unlikely, impossible] = found.byReference.data;
  expect(certain).toBeCloseTo(1, 6);
  expect(unlikely / Math.exp(-20)).toBeCloseTo(1, 3);
  expect(impossible).toBeLessThan(1e-20);
  for (const value of found.sums.data) expect(value === 0 || Math.abs(value) > 1.2e-38).toBe(true);
});
