/** Whether a runtime computes the models that ship with cosnet as ONNX Runtime does on a processor: some do not, and say nothing. */
import { ModelError } from "../../../errors.js";
import type { OnnxRuntime, OnnxSession } from "../../../runtime/index.js";

/** What a model gives for the fixed input: some values of one output, evenly spaced, as onnxruntime-node 1.30 computes them. */
export interface Expectation {
  readonly output: string;
  readonly shape: readonly number[];
  /** In each precision that it may be computed in. */
  readonly values: readonly (readonly number[])[];
}

/** Of the classifier. */
export const EXPECTED = {
  ...{ output: "embedding", shape: [1, 32, 32, 32] },
  values: [
    // float32
    [
      -0.04439, 0.079388, -0.027981, -0.03287, 0.08401, 0.102301, -0.032821, -0.029083, -0.107649, -0.010883, -0.120933,
      -0.102937, -0.000744, -0.114282, -0.113245, 0.03269,
    ],
    // int8
    [
      -0.038142, 0.079252, -0.033618, -0.031956, 0.087621, 0.106949, -0.041922, -0.025699, -0.10456, -0.011669,
      -0.124374, -0.10676, -0.005408, -0.116699, -0.11387, 0.033819,
    ],
  ],
} as const satisfies Expectation;

/** Of the largest value: sums in another order are off by less, and a wrong convolution by far more. */
const TOLERANCE = 0.02;

/** @throws ModelError when the session gives for the fixed input what it should in none of the precisions. */
export async function checkSession(
  session: OnnxSession,
  Tensor: OnnxRuntime["Tensor"],
  { output, shape, values }: Expectation,
): Promise<void> {
  const answer = await outputOf(session, Tensor, { output, shape });
  const differences = values.map((expected) => differenceOf(answer, expected));
  if (differences.some(({ worst, largest }) => worst <= TOLERANCE * largest)) return; // not so for NaN
  const { worst, largest } = differences.reduce((a, b) => (b.worst < a.worst ? b : a));
  throw new ModelError(
    `this browser computes the model wrongly: ${output} is off by ${worst.toPrecision(2)} where ${largest.toPrecision(2)} is the most`,
    { hint: "Update the browser, or use another." },
  );
}

function differenceOf(answer: Float32Array, expected: readonly number[]): { worst: number; largest: number } {
  const given = samples(answer, expected.length);
  return {
    worst: Math.max(...expected.map((value, index) => Math.abs(value - (given[index] ?? Number.NaN)))),
    largest: Math.max(...expected.map(Math.abs)),
  };
}

async function outputOf(
  session: OnnxSession,
  Tensor: OnnxRuntime["Tensor"],
  { output, shape }: Pick<Expectation, "output" | "shape">,
): Promise<Float32Array> {
  const input = session.inputNames[0] ?? "volumes";
  const outputs = await session.run({ [input]: new Tensor("float32", fixedInput(shape), shape) });
  return (outputs[output] as { readonly data: Float32Array }).data;
}

/** Evenly spread numbers of about unit variance, the same to the bit everywhere. */
function fixedInput(shape: readonly number[]): Float32Array {
  let state = 1;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x80000000) * 3.5 - 1.75;
  });
}

function samples(values: Float32Array, count: number): number[] {
  return Array.from({ length: count }, (_, index) => values[Math.floor((index * values.length) / count)] ?? Number.NaN);
}
