/**
 * ONNX Runtime's blocked convolution is an internal operator whose channel block depends on the processor. Training graphs
 * use it only where a small probe shows that it is there and gives what the standard operator gives.
 */
import { encodeOnnx, op } from "../graph/index.js";
import { createSession, type OnnxRuntime } from "./session.js";

/** The channel block (16 or 8) that this machine's ONNX Runtime uses, or undefined where blocked operators cannot be used. */
export async function probeBlockedConvolution(runtime: OnnxRuntime): Promise<number | undefined> {
  const depth = 2;
  const channels = 16;
  const shape = [depth, channels, 4, 4];
  const weightShape = [channels, channels, 3, 3, 3];
  const wave = (length: number, step: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => Math.sin(i * step));
  const feeds = {
    x: { data: wave(depth * channels * 16, 0.37), shape },
    w: { data: wave(channels * channels * 27, 0.11), shape: weightShape },
  };
  const graph = { y: op.conv3d(op.input("x", shape), op.input("w", weightShape), depth) };
  const run = async (blockedChannels?: number): Promise<Float32Array> => {
    const options = blockedChannels === undefined ? {} : { blockedChannels };
    await using session = await createSession(runtime, encodeOnnx(graph, { target: "cpu", ...options }), {
      optimization: "extended",
      threads: 1,
    });
    return (await session.run(feeds)).y.data;
  };
  const expected = await run();
  for (const block of [16, 8]) {
    try {
      const got = await run(block);
      if (got.every((value, i) => Math.abs(value - expected[i]) < 1e-4)) return block;
    } catch {
      // This build lacks the operators or has another block: try the next.
    }
  }
  return undefined;
}
