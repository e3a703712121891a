/**
 * ONNX Runtime's blocked operators are internal ones whose channel block depends on the processor. Training graphs use them only where a
 * small probe shows that they are there and give what the standard operators give.
 */
import { differentiate, elementCount, encodeOnnx, op, type Tensor } from "../graph/index.js";
import { createSession, type OnnxRuntime } from "./session.js";

/** Of the largest value of an output: float32 sums in another order stay far below it, and a wrong block far above. */
const TOLERANCE = 1e-4;

/** The channel block (16 or 8) that this machine's ONNX Runtime uses, or undefined where blocked operators cannot be used. */
export async function probeBlockedConvolution(runtime: OnnxRuntime): Promise<number | undefined> {
  const { outputs, feeds } = smallStep();
  const run = async (blockedChannels?: number) => {
    const options = blockedChannels === undefined ? {} : { blockedChannels };
    await using session = await createSession(runtime, encodeOnnx(outputs, { target: "cpu", ...options }), {
      optimization: "extended",
      threads: 1,
    });
    return await session.run(feeds);
  };
  const expected = await run();
  for (const block of [16, 8]) {
    try {
      const got = await run(block);
      if (Object.entries(expected).every(([name, { data }]) => agree(got[name].data, data))) return block;
    } catch {
      // This build lacks the operators or has another block: try the next.
    }
  }
  return undefined;
}

/** Two convolutions with a norm between them, over slices in whole blocks, and their gradients. */
function smallStep() {
  const [depth, channels] = [8, 16];
  const x = op.input("x", [2 * depth, channels, 4, 4]);
  const [first, second] = ["first", "second"].map((name) => op.input(name, [channels, channels, 3, 3, 3]));
  const [gamma, beta] = ["gamma", "beta"].map((name) => op.input(name, [1, channels, 1, 1]));
  const inner = op.relu(op.add(op.batchNorm(op.conv3d(x, first, depth), gamma, beta), x));
  const y = op.conv3d(inner, second, depth, 2);
  const inputs = { x, first, second, gamma, beta };
  const gradients = differentiate(op.sum(op.multiply(y, y)), Object.values(inputs));
  const outputs: Record<string, Tensor> = { y };
  for (const [i, name] of Object.keys(inputs).entries()) outputs[`${name} gradient`] = gradients[i];
  const wave = ({ shape }: Tensor, i: number) => ({
    data: Float32Array.from({ length: elementCount(shape) }, (_, j) => Math.sin(j * (0.37 + 0.11 * i) + i)),
    shape,
  });
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor], i) => [name, wave(tensor, i)]));
  return { outputs, feeds };
}

function agree(given: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return given.every((value, i) => Math.abs(value - expected[i]) <= TOLERANCE * largest);
}
