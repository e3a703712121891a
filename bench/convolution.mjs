/**
 * GFLOP/s of 3x3x3 convolutions, layer by layer, beside PyTorch: `npm run bench:convolution -- [--quick] [--threads 1,2]`.
 *
 * `constant`: forward with weights known when the model is loaded (inference). `forward`, `input`, `filter`: forward, gradient in the
 * input and gradient in the weights with weights that change at every run (training). PyTorch: forward without gradients, and forward
 * with both gradients. A convolution counts 2 * 27 * inputs * outputs operations an output voxel; so does each gradient.
 */
import { parseArgs } from "node:util";
import { nodeRuntime } from "../dist/files/model/onnx-runtime.js";
import { differentiate, elementCount, encodeOnnx, op } from "../dist/graph/index.js";
import { createSession, probeBlockedConvolution } from "../dist/runtime/index.js";
import { createRandom } from "../dist/volume/index.js";
import { median, sample, table } from "./measure.mjs";
import { findPeer, runPeer } from "./peer.mjs";

const { values: flags } = parseArgs({
  options: { quick: { type: "boolean", default: false }, threads: { type: "string", default: "1,2" } },
});
const TIMING = flags.quick ? { seconds: 0.3, repeats: 3 } : { seconds: 3, repeats: 10 };

/** The layers of the `cosnet` network at a training batch of 48, the widths of a larger one, and the authors' finest level. */
const LAYERS = [
  { batch: 48, inputs: 8, outputs: 16, edge: 16, stride: 1 },
  { batch: 48, inputs: 16, outputs: 16, edge: 16, stride: 1 },
  { batch: 48, inputs: 16, outputs: 32, edge: 16, stride: 2 },
  { batch: 48, inputs: 32, outputs: 32, edge: 8, stride: 1 },
  { batch: 48, inputs: 32, outputs: 64, edge: 8, stride: 2 },
  { batch: 48, inputs: 64, outputs: 64, edge: 4, stride: 1 },
  { batch: 12, inputs: 32, outputs: 32, edge: 16, stride: 1 },
  { batch: 2, inputs: 64, outputs: 64, edge: 32, stride: 1 },
];

const blockedChannels = await probeBlockedConvolution(nodeRuntime);
const peer = await findPeer();
if (peer === undefined) console.error("No Python with PyTorch found (Debian: python3-torch): measuring cosnet alone.");
console.log(`Channel block ${blockedChannels ?? "none"}; GFLOP/s, medians.\n`);

const heading = [
  "batch x channels x edge",
  "threads",
  "constant",
  "forward",
  "input",
  "filter",
  "PyTorch fwd",
  "fwd+bwd",
];
const rows = [heading];
for (const threads of flags.threads.split(",").map(Number)) {
  for (const layer of LAYERS) {
    const { batch, inputs, outputs, edge, stride } = layer;
    const gigaFlop = (2 * 27 * inputs * outputs * batch * (edge / stride) ** 3) / 1e9;
    const figures = await ours(layer, threads);
    const theirs = peer && (await runPeer(peer, { task: "convolution", threads, ...layer, ...TIMING }));
    rows.push([
      `${batch} x ${inputs}->${outputs} x ${edge}${stride === 2 ? " /2" : ""}`,
      String(threads),
      ...["constant", "forward", "input", "filter"].map((name) => (gigaFlop / figures[name]).toFixed(0)),
      theirs ? (gigaFlop / median(theirs.forward)).toFixed(0) : "-",
      theirs ? ((3 * gigaFlop) / median(theirs.both)).toFixed(0) : "-",
    ]);
    process.stderr.write(`${rows.at(-1).join("  ")}\n`);
  }
}
console.log(table(rows));

/** Median seconds of each kind of run. */
async function ours({ batch, inputs, outputs, edge, stride }, threads) {
  const x = op.input("x", [batch * edge, inputs, edge, edge]);
  const w = op.input("w", [outputs, inputs, 3, 3, 3]);
  const y = op.conv3d(x, w, edge, stride);
  const g = op.input("g", y.shape);
  const [dx, dw] = differentiate(op.sum(op.multiply(y, g)), [x, w]);
  const feeds = { x: normals(x.shape), w: normals(w.shape), g: normals(g.shape) };
  const fixed = op.constant(feeds.w.data, w.shape);
  const kernels = { target: "cpu", ...(blockedChannels !== undefined && { blockedChannels }) };
  const graphs = {
    constant: [op.conv3d(x, fixed, edge, stride), { target: "portable" }, "all"],
    forward: [y, kernels, "extended"],
    input: [dx, kernels, "extended"],
    filter: [dw, kernels, "extended"],
  };
  const seconds = {};
  for (const [name, [tensor, options, optimization]] of Object.entries(graphs)) {
    // A sum, so that no large result is copied out of ONNX Runtime.
    const session = await createSession(nodeRuntime, encodeOnnx({ out: op.sum(tensor) }, options), {
      threads,
      optimization,
    });
    const needed = Object.fromEntries(session.inputNames.map((input) => [input, feeds[input]]));
    seconds[name] = median(await sample(() => session.run(needed), TIMING));
    await session.release();
  }
  return seconds;
}

function normals(shape) {
  const random = createRandom("bench");
  return { data: Float32Array.from({ length: elementCount(shape) }, () => random.normal()), shape };
}
