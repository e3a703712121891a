#!/usr/bin/env bash
# onnxruntime-node 1.30.0 takes half as much memory again from the second run of a large input on, and keeps it. The first run allocates what each operator
# needs and learns from it a plan for all of them ("memory pattern", on by default), and the second, of an input of the same shape, takes the whole plan in
# one piece beside what the first has left in the arena. Whoever measures the memory of one run, or lets a first run decide how many processes fit, is wrong
# for all that follow. With enableMemPattern: false the second run takes little more than the first.
#
# Seen on Node 20.20, Linux x64: a chain of eight convolutions, largest size after the first and the second run. Fails when that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node@1.30.0 onnx-proto@8.0.1
cat >run.mjs <<'JS'
import { readFileSync } from "node:fs";
import protobuf from "onnx-proto";
import * as ort from "onnxruntime-node";

const [channels, edge, layers] = [32, 768, 8];
const dims = [1, channels, edge, edge];
const value = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } });
const weights = (name) => ({ name, dataType: 1, dims: [channels, channels, 3, 3], floatData: new Array(channels * channels * 9).fill(0.01) });
const names = Array.from({ length: layers + 1 }, (_, i) => `x${i}`);
// Each layer's input is added to its output, so that two of them are alive at a time.
const node = Array.from({ length: layers }, (_, i) => [
  { opType: "Conv", input: [names[i], `w${i}`], output: [`c${i}`], attribute: [{ name: "pads", type: 7, ints: [1, 1, 1, 1] }] },
  { opType: "Add", input: [`c${i}`, names[i]], output: [names[i + 1]] },
]).flat();
const graph = { name: "chain", node, initializer: names.slice(1).map((_, i) => weights(`w${i}`)), input: [value("x0")], output: [value(names[layers])] };
const model = protobuf.onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph }).finish();
const session = await ort.InferenceSession.create(model, { enableMemPattern: process.argv[2] === "pattern" });
const x0 = new ort.Tensor("float32", new Float32Array(channels * edge * edge), dims);
const largest = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024);
const sizes = [];
for (let i = 0; i < 3; i++) {
  const { [names[layers]]: answer } = await session.run({ x0 });
  answer.dispose?.();
  sizes.push(largest());
}
console.log(sizes.join(" "));
JS
read -r first second third < <(node run.mjs pattern)
read -r plain_first plain_second plain_third < <(node run.mjs none)
echo "with memory patterns (default), MB after one, two, three runs: $first $second $third"
echo "without:                                                       $plain_first $plain_second $plain_third"
((second * 10 > first * 12)) && ((plain_second * 10 < plain_first * 12))
