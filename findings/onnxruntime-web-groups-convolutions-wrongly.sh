#!/usr/bin/env bash
# onnxruntime-web 1.30.0 holds two implementations of WebGPU. That of the default entry ("onnxruntime-web", and "onnxruntime-web/all") computes 3-D
# convolutions with groups wrongly and says nothing: outputs are off by as much as they are large. That of "onnxruntime-web/webgpu" refuses
# the same model ("Conv3D does not support grouped convolution"); without groups, and as WebAssembly, all are right. Depthwise and grouped
# convolutions are common in networks for volumes, and which of the two a page gets depends on the name of an import: check a model's answer once, on
# the device, before it is believed.
#
# Seen on Node 20.20 and Chromium 156 with SwiftShader as the graphics processor. Fails when any of it changes. Needs a chromium in the PATH.
set -euo pipefail
command -v chromium >/dev/null || { echo "needs chromium in the PATH (Debian: apt-get install chromium)" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-web@1.30.0 onnx-proto@8.0.1 playwright-core@1.65.1
cat >convolutions.mjs <<'JS'
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import protobuf from "onnx-proto";
import { chromium } from "playwright-core";

const [EDGE, CHANNELS] = [6, 4];
const VOXELS = EDGE ** 3;
const input = Array.from({ length: CHANNELS * VOXELS }, (_, i) => Math.cos(0.37 * i));

/** A 3x3x3 convolution of four channels into four, padded, in `groups` groups; and what it should give. */
function convolution(groups) {
  const own = CHANNELS / groups;
  const weights = Array.from({ length: CHANNELS * own * 27 }, (_, i) => Math.sin(1.7 * i));
  const value = (name) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [1, CHANNELS, EDGE, EDGE, EDGE].map((dimValue) => ({ dimValue })) } } },
  });
  const list = (name, ints) => ({ name, type: 7, ints });
  const attribute = [{ name: "group", type: 2, i: groups }, list("kernel_shape", [3, 3, 3]), list("pads", [1, 1, 1, 1, 1, 1])];
  const model = protobuf.onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "convolution",
      node: [{ opType: "Conv", input: ["x", "w"], output: ["y"], attribute }],
      initializer: [{ name: "w", dims: [CHANNELS, own, 3, 3, 3], dataType: 1, floatData: weights }],
      input: [value("x")],
      output: [value("y")],
    },
  }).finish();
  return { model: [...model], expected: convolved(weights, own) };
}

function convolved(weights, own) {
  const inside = (at) => at >= 0 && at < EDGE;
  return Array.from({ length: CHANNELS * VOXELS }, (_, at) => {
    const channel = Math.floor(at / VOXELS);
    const [z, y, x] = [Math.floor(at / EDGE ** 2) % EDGE, Math.floor(at / EDGE) % EDGE, at % EDGE];
    let sum = 0;
    for (let c = 0; c < own; c++)
      for (let k = 0; k < 27; k++) {
        const [sz, sy, sx] = [z + Math.floor(k / 9) - 1, y + (Math.floor(k / 3) % 3) - 1, x + (k % 3) - 1];
        if (![sz, sy, sx].every(inside)) continue;
        const from = Math.floor(channel / own) * own + c;
        sum += weights[(channel * own + c) * 27 + k] * input[((from * EDGE + sz) * EDGE + sy) * EDGE + sx];
      }
    return sum;
  });
}

const types = { ".mjs": "text/javascript", ".wasm": "application/wasm" };
const server = createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  if (!path.startsWith("/node_modules/onnxruntime-web/dist/")) return response.setHeader("Content-Type", "text/html").end("<!doctype html>");
  response.setHeader("Content-Type", types[extname(path)] ?? "text/plain").end(await readFile(join(process.cwd(), path)));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

/** "right", "wrong", or "refused". */
async function answer(entry, provider, groups) {
  const { model, expected } = convolution(groups);
  const given = await page.evaluate(
    async ([file, executionProvider, bytes, values, shape]) => {
      const ort = await import(`/node_modules/onnxruntime-web/dist/${file}`);
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
      ort.env.logLevel = "fatal";
      try {
        const session = await ort.InferenceSession.create(Uint8Array.from(bytes), { executionProviders: [executionProvider] });
        const { y } = await session.run({ x: new ort.Tensor("float32", Float32Array.from(values), shape) });
        return [...y.data];
      } catch (error) {
        return String(error);
      }
    },
    [entry, provider, model, input, [1, CHANNELS, EDGE, EDGE, EDGE]],
  );
  if (typeof given === "string") return given.includes("does not support grouped convolution") ? "refused" : given;
  return expected.every((value, i) => Math.abs(value - given[i]) < 1e-4) ? "right" : "wrong";
}

for (const [entry, provider] of [["ort.min.mjs", "wasm"], ["ort.min.mjs", "webgpu"], ["ort.all.min.mjs", "webgpu"], ["ort.webgpu.min.mjs", "webgpu"]]) {
  const answers = [];
  for (const groups of [1, 2, 4]) answers.push(await answer(entry, provider, groups));
  console.log(`${entry}, ${provider}: ${answers.join(" ")}`);
}
await browser.close();
server.close();
JS
seen=$(node convolutions.mjs "$(command -v chromium)")
echo "3-D convolutions in 1, 2 and 4 groups:"
echo "$seen"
expected="ort.min.mjs, wasm: right right right
ort.min.mjs, webgpu: right wrong wrong
ort.all.min.mjs, webgpu: right wrong wrong
ort.webgpu.min.mjs, webgpu: right refused refused"
[ "$seen" = "$expected" ] || { echo "this has changed; it was:"; echo "$expected"; exit 1; }
