#!/usr/bin/env bash
# Mol* 5.11.0: the voxels of big-endian MRC maps come out wrong, without an error. The header is read right, and the bytes of each voxel are
# reversed within one buffer that is source and target at once, so that the second half of a float is its first half mirrored: 1, 2, 3 become
# 1.0039, 2.00002, 3.0039, near enough to look right. Integers of 16 bits are hit harder: 1, 2, 3 become 0, 0, 0.
#
# Seen on Node 20.20, Linux x64, half a second after the parser's answer, too. Fails when any of the voxels comes out right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent molstar@5.11.0
cat >finding.cjs <<'JS'
const { parse } = require("molstar/lib/commonjs/mol-io/reader/ccp4/parser");

/** A map of 3 x 1 x 1 voxels with the values 1, 2, 3. */
function map(mode, littleEndian) {
  const bytes = new Uint8Array(1024 + (mode === 2 ? 12 : 6));
  const view = new DataView(bytes.buffer);
  [3, 1, 1, mode, 0, 0, 0, 3, 1, 1].forEach((value, i) => view.setInt32(4 * i, value, littleEndian));
  [3, 1, 1, 90, 90, 90].forEach((value, i) => view.setFloat32(40 + 4 * i, value, littleEndian));
  [1, 2, 3].forEach((value, i) => view.setInt32(64 + 4 * i, value, littleEndian));
  [1, 3, 2].forEach((value, i) => view.setFloat32(76 + 4 * i, value, littleEndian));
  view.setInt32(88, 1, littleEndian);
  bytes.set([..."MAP "].map((letter) => letter.charCodeAt(0)), 208);
  bytes.set(littleEndian ? [0x44, 0x41] : [0x11, 0x11], 212);
  for (const i of [0, 1, 2])
    if (mode === 2) view.setFloat32(1024 + 4 * i, i + 1, littleEndian);
    else view.setInt16(1024 + 2 * i, i + 1, littleEndian);
  return bytes;
}
async function read(mode, littleEndian) {
  const { isError, message, result } = await parse(map(mode, littleEndian), "map").run();
  if (isError) throw new Error(message);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const values = [...result.values];
  const right = values.filter((value, i) => value === i + 1).length;
  console.log(`mode ${mode}, ${littleEndian ? "little" : "big"}-endian: ${values.join(", ")}`);
  return right;
}
(async () => {
  const counts = [await read(2, true), await read(1, true), await read(2, false), await read(1, false)];
  process.exit(counts.join() === "3,3,0,0" ? 0 : 1);
})();
JS
node finding.cjs
