#!/usr/bin/env bash
# onnxruntime-node 1.30.0, on the processor: Sigmoid of float32 is more than 1 for some inputs from 17.48 on (20 of the 786,432 numbers of float32
# from 17 to 18.5: 1.0000001), and exactly 0 from -18 down, where it is 1.5e-8; at -14 it is off by 7 %. It is right to within 6e-8 of 1,
# not of its value. So a probability need not be a probability: 1 - p is negative, and log(p), log(1 - p) and the log-odds of what a network is
# surest of are NaN or infinite. Limit it to less than 1 and more than 0, or take the loss of the logits themselves.
#
# Seen on Node 20.20, Linux x64, a processor with AVX-512. Fails when any of it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node@1.30.0 onnx-proto@8.0.1
cat >sigmoid.mjs <<'JS'
import protobuf from "onnx-proto";
import * as ort from "onnxruntime-node";

const value = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "n" }] } } } });
const model = protobuf.onnx.ModelProto.encode({
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }],
  graph: { name: "sigmoid", node: [{ opType: "Sigmoid", input: ["x"], output: ["y"] }], input: [value("x")], output: [value("y")] },
}).finish();
const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
const sigmoid = async (x) => (await session.run({ x: new ort.Tensor("float32", x, [x.length]) })).y.data;

/** All numbers of float32 between two. */
function everyFloat(first, last) {
  const [from, to] = new Uint32Array(Float32Array.of(first, last).buffer);
  return new Float32Array(Uint32Array.from({ length: to - from }, (_, i) => from + i).buffer);
}

const largest = (await sigmoid(everyFloat(17, 18.5))).reduce((most, y) => Math.max(most, y), 0);
console.log(`largest value from 17 to 18.5: ${largest.toPrecision(8)}`);
for (const x of [-14, -18, -40]) {
  const [y] = await sigmoid(Float32Array.of(x));
  console.log(`at ${x}: ${y.toPrecision(2)}, and it is ${(1 / (1 + Math.exp(-x))).toPrecision(2)}`);
}
JS
seen=$(node sigmoid.mjs)
echo "$seen"
expected="largest value from 17 to 18.5: 1.0000001
at -14: 7.7e-7, and it is 8.3e-7
at -18: 0.0, and it is 1.5e-8
at -40: 0.0, and it is 4.2e-18"
[ "$seen" = "$expected" ] || { echo "this has changed; it was:"; echo "$expected"; exit 1; }
