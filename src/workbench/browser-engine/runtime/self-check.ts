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
      -0.000588, 0.04327, -0.083267, 0.017746, 0.135961, 0.16633, -0.115878, 0.007482, -0.060878, -0.045057, -0.077579,
      -0.12121, -0.000159, -0.151845, -0.08113, -0.000082,
    ],
    // int8
    [
      -0.002888, 0.049639, -0.076033, 0.026085, 0.137189, 0.167595, -0.111492, 0.014673, -0.052654, -0.04291, -0.078626,
      -0.123063, -0.003785, -0.146433, -0.077395, -0.003034,
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
