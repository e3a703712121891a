/** Other devices than the processor, and how much they are believed. */
import { ModelError } from "../errors.js";
import type { Array32, SessionInputs } from "./array.js";

/** Where a network is computed: the processor, or a graphics processor by WebGPU (Vulkan, Metal or Direct3D). */
export type Device = "cpu" | "webgpu";

/** Of the largest value of an output: graphics processors sum in other orders and round sooner, and a wrong convolution is off by far more. */
const TOLERANCE = 0.02;

type Run = (inputs: SessionInputs) => Promise<Record<string, Array32>>;

/**
 * The session, whose first answer to inputs of each shape is compared with that of `openReference`'s on the same inputs: kernels
 * are chosen by shapes, and some are wrong without an error.
 */
export function withFirstAnswersChecked<Opened extends AsyncDisposable & { readonly run: Run }>(
  session: Opened,
  openReference: () => Promise<Opened>,
): Opened {
  const checked = new Set<string>();
  return {
    ...session,
    async run(inputs) {
      const outputs = await session.run(inputs);
      const shapes = JSON.stringify(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
      if (checked.has(shapes)) return outputs;
      await using reference = await openReference();
      expectSame(outputs, await reference.run(inputs));
      checked.add(shapes);
      return outputs;
    },
  };
}

/** @throws ModelError naming the first output that is off by more than `TOLERANCE`. */
export function expectSame(
  outputs: Readonly<Record<string, Array32>>,
  expected: Readonly<Record<string, Array32>>,
): void {
  for (const [name, { data }] of Object.entries(expected)) {
    const { worst, largest } = difference(outputs[name].data, data);
    if (worst <= TOLERANCE * largest) continue; // not so for NaN
    throw new ModelError(
      `the graphics processor computes this network wrongly: ${name} is off by ${worst.toPrecision(2)} where ${largest.toPrecision(2)} is the most`,
      { hint: "Compute on the processor (`--device cpu`), or update the driver of the graphics processor." },
    );
  }
}

/** The largest difference, NaN where any is, and the largest value expected. */
function difference(given: Float32Array, expected: Float32Array): { worst: number; largest: number } {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(given[i] - expected[i]);
    if (!(off <= worst)) worst = off;
    if (Number.isNaN(worst)) break;
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return { worst, largest };
}
