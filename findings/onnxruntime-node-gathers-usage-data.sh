#!/usr/bin/env bash
# onnxruntime-node 1.30.0 on Linux gathers usage data by default: opening one session makes a database of events and a device identity under
# the user's cache, and a session file and a log in the temporary folder; the address that the events are sent to is in the library. Telemetry used to be
# a matter of Windows builds. A program that promises that no byte leaves the computer breaks its word by an upgrade, and temporary folders of long-lived
# machines collect one empty log for each process. The variable ORT_DISABLE_TELEMETRY=1 stops all of it, but only when it is set before the library is loaded.
#
# Seen on Node 20.20, Linux x64, with no network: four kinds of files without the variable, none with it. Fails when that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-node@1.30.0 onnx-proto@8.0.1
cat >open.mjs <<'JS'
import protobuf from "onnx-proto";
import * as ort from "onnxruntime-node";

const vector = (name) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 4 }] } } } });
const model = protobuf.onnx.ModelProto.encode({
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }],
  graph: { name: "relu", node: [{ opType: "Relu", input: ["x"], output: ["y"] }], input: [vector("x")], output: [vector("y")] },
}).finish();
const session = await ort.InferenceSession.create(model);
await new Promise((resolve) => setTimeout(resolve, 2000));
await session.release();
JS
# $1 names the home folder; further arguments are variables. Prints the kinds of files that appear there, whose names hold process numbers.
files() {
  mkdir "$1"
  # In a network of its own without any interface where that is allowed, so that nothing is sent from here.
  local apart=()
  unshare --user --map-root-user --net true 2>/dev/null && apart=(unshare --user --map-root-user --net)
  env HOME="$folder/$1" XDG_CACHE_HOME="$folder/$1" TMPDIR="$folder/$1" "${@:2}" "${apart[@]}" node open.mjs
  (cd "$1" && find . -type f | sed -E 's/[0-9]+/N/g; s/-(wal|shm)$//' | sort -u | tr '\n' ' ')
}
by_default=$(files default)
disabled=$(files disabled ORT_DISABLE_TELEMETRY=1)
grep -aoq 'https://[a-z.]*events\.data\.[a-z.]*' node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1 && address=yes || address=no
echo "one session by default leaves: $by_default"
echo "with ORT_DISABLE_TELEMETRY=1:  ${disabled:-nothing}"
echo "the library holds an address that events are sent to: $address"
[[ $by_default == *onnxruntime.db* && $by_default == *mat-debug-N.log* && -z $disabled && $address == yes ]]
