#!/usr/bin/env bash
# onnxruntime-node 1.30.0, execution provider "webgpu": an output that is kept on the device (`preferredOutputLocation: "gpu-buffer"`) can be given to the next
# run, but `getData()` of it, which is how onnxruntime-common documents that it is read, ends the whole process (SIGABRT, "terminate called after throwing an
# instance of 'char const*'"): no promise is rejected, nothing can be caught. Its "download" is a C++ throw in code compiled without exceptions for JavaScript
# (js/node/src/tensor_helper.cc). Read such a tensor by a session of one Identity, whose output is not kept.
#
# Seen on Node 20.20, Linux x64, with SwiftShader (of Debian's chromium 156) as the graphics processor. Fails when that is no longer so. Needs Debian's
# chromium and libvulkan1.
set -euo pipefail
export VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json
[ -e "$VK_ICD_FILENAMES" ] || { echo "needs Debian's chromium and libvulkan1 (apt-get install chromium libvulkan1)" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node@1.30.0 onnx-proto@8.0.1
cat >finding.mjs <<'JS'
import protobuf from "onnx-proto";
import * as ort from "onnxruntime-node";

const vector = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 4 }] } } } });

/** A session of one operation. */
function open(node, inputs, options) {
  const model = protobuf.onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: { name: "one", node: [node], input: inputs.map(vector), output: node.output.map(vector) },
  }).finish();
  return ort.InferenceSession.create(model, { executionProviders: ["webgpu"], logSeverityLevel: 3, ...options });
}

const added = { opType: "Add", input: ["x", "one"], output: ["y"] };
const add = await open(added, ["x", "one"], { preferredOutputLocation: "gpu-buffer" });
const copy = await open({ opType: "Identity", input: ["y"], output: ["z"] }, ["y"], {});
const one = new ort.Tensor("float32", Float32Array.of(1, 1, 1, 1), [4]);
let y = new ort.Tensor("float32", Float32Array.of(1, 2, 3, 4), [4]);
for (let i = 0; i < 3; i++) y = (await add.run({ x: y, one })).y;
console.log(`1 2 3 4 and three times 1, kept in a ${y.location}: ${[...(await copy.run({ y })).z.data].join(" ")} by Identity`);
await y.getData().then(
  (data) => console.log(`${[...data].join(" ")} by getData()`),
  (error) => console.log(`getData() was refused: ${error.message}`),
);
JS
status=0
node finding.mjs >seen 2>/dev/null || status=$?
cat seen
echo "getData() ended the process with $status"
[ "$status" = 134 ] && [ "$(cat seen)" = "1 2 3 4 and three times 1, kept in a gpu-buffer: 4 5 6 7 by Identity" ]
