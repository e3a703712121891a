#!/usr/bin/env bash
# onnxruntime-node 1.30.0: session.run() copies nothing when it is called. It reads its inputs in a later turn of the event loop, so an array that is
# refilled after the call, before the promise has settled, changes the result of the call that was already made. Nothing warns. Programs that keep one buffer
# for all batches, as loops over subtomograms do, get the embedding of the next batch under the name of this one.
#
# Seen on Node 20.20, Linux x64: Relu of 1 2 3 4, refilled with 9 right after run(), gives 9 9 9 9. Fails when that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node@1.30.0 onnx-proto@8.0.1
cat >finding.mjs <<'JS'
import protobuf from "onnx-proto";
import * as ort from "onnxruntime-node";

const vector = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 4 }] } } } });
const model = protobuf.onnx.ModelProto.encode({
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }],
  graph: { name: "relu", node: [{ opType: "Relu", input: ["x"], output: ["y"] }], input: [vector("x")], output: [vector("y")] },
}).finish();
const session = await ort.InferenceSession.create(model);
const data = Float32Array.of(1, 2, 3, 4);
const running = session.run({ x: new ort.Tensor("float32", data, [4]) });
data.fill(9); // the call above has returned, but has not read its input yet
const seen = [...(await running).y.data].join(" ");
console.log(`run() was given 1 2 3 4 and answered ${seen}`);
process.exit(seen === "9 9 9 9" ? 0 : 1);
JS
node finding.mjs
