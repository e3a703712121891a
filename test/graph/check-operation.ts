import { expect } from "vitest";
import { differentiate, op, type Tensor } from "../../src/graph/index.js";
import type { Array32 } from "../../src/runtime/index.js";
import { openGraph, pickInputs, runGraph, type Target } from "./run-graph.js";

/**
 * Against values that PyTorch computed in float64: a few float32 roundings (6e-8 each) of sums of up to a few hundred terms
 * that may cancel to a hundredth of their size, relative to the largest value of the array.
 */
const ORACLE_TOLERANCE = 1e-5;

/**
 * Against central differences of float32 outputs: with steps of 1e-2, rounding gives 1e-7 / 1e-2 = 1e-5 and the third
 * derivatives of our operations at most 1e-3, relative to the largest gradient.
 */
const DIFFERENCE_TOLERANCE = 2e-3;
const STEP = 1e-2;

/** Elements of each input that are moved; all of them where there are fewer. */
const MOVED_ELEMENTS = 24;

export interface OperationCheck {
  readonly build: (inputs: readonly Tensor[]) => Tensor;
  readonly inputs: readonly Array32[];
  /** Gradient of some loss in the output; the loss is then sum(gradient * output). */
  readonly outputGradient: Array32;
  /** What PyTorch says: the output, and the gradient in the first few inputs (the others are labels). */
  readonly oracle: { readonly output: Array32; readonly gradients: readonly Array32[] };
  /** False at kinks, where a central difference is not a derivative, and where the gradient is stopped on purpose. */
  readonly differences?: boolean;
}

/** Checks an operation's value and its gradients, as ONNX Runtime computes them, against PyTorch and central differences. */
export async function checkOperation(check: OperationCheck, target: Target): Promise<void> {
  const { build, inputs, outputGradient, oracle, differences = true } = check;
  const variables = inputs.map(({ shape }, i) => op.input(`x${i}`, shape));
  const output = build(variables);
  const loss = op.sum(op.multiply(output, op.input("dy", output.shape)));
  const trained = variables.slice(0, oracle.gradients.length);
  const gradients = differentiate(loss, trained);
  const feeds = {
    dy: outputGradient,
    ...Object.fromEntries(inputs.map((array, i) => [`x${i}`, array])),
  };
  const graph = { y: output, ...Object.fromEntries(gradients.map((gradient, i) => [`dx${i}`, gradient])) };
  const results = await runGraph(graph, feeds, { target });

  expectClose(results.y!, oracle.output, "output");
  for (const [i, expected] of oracle.gradients.entries())
    expectClose(results[`dx${i}`]!, expected, `gradient in input ${i}`);

  // The gradients have been compared with PyTorch's; the differences do not depend on how the graph is encoded.
  if (!differences || target !== "portable") return;
  const session = await openGraph({ y: output });
  try {
    const lossAt = async (moved: number, data: Float32Array): Promise<number> => {
      const name = `x${moved}`;
      const { y } = await session.run(pickInputs(session, { ...feeds, [name]: { ...inputs[moved]!, data } }));
      return y!.data.reduce((sum, value, i) => sum + value * outputGradient.data[i]!, 0);
    };
    for (const [i, expected] of oracle.gradients.entries()) {
      const scale = Math.max(1, largest(expected.data));
      const { data } = inputs[i]!;
      const stride = Math.ceil(data.length / MOVED_ELEMENTS);
      for (let element = 0; element < data.length; element += stride) {
        const up = data.slice();
        const down = data.slice();
        up[element]! += STEP;
        down[element]! -= STEP;
        // The step actually made, in float32.
        const numeric = ((await lossAt(i, up)) - (await lossAt(i, down))) / (up[element]! - down[element]!);
        const error = Math.abs(results[`dx${i}`]!.data[element]! - numeric) / scale;
        expect(error, `central difference in element ${element} of input ${i}`).toBeLessThan(DIFFERENCE_TOLERANCE);
      }
    }
  } finally {
    await session.release();
  }
}

/** Equal shapes, and values within `tolerance` of the largest expected magnitude (at least 1e-3). */
export function expectClose(actual: Array32, expected: Array32, what: string, tolerance = ORACLE_TOLERANCE): void {
  expect([...actual.shape], `shape of the ${what}`).toEqual([...expected.shape]);
  const scale = Math.max(1e-3, largest(expected.data));
  let worst = 0;
  let at = 0;
  expected.data.forEach((value, i) => {
    const error = Math.abs(actual.data[i]! - value) / scale;
    if (error > worst || Number.isNaN(error)) [worst, at] = [error, i];
  });
  const numbers = `${actual.data[at]} at ${at} where ${expected.data[at]} is right`;
  expect(worst, `${what}: ${numbers}`).toBeLessThanOrEqual(tolerance);
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
