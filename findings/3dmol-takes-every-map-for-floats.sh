#!/usr/bin/env bash
# 3Dmol 2.5.5: VolumeData reads maps of MRC2014's integer modes, int8 (0), int16 (1) and uint16 (6), as if their voxels were 32-bit floats. There is no error and
# the number of voxels is right; the values are near 1e-40, and beyond the end of the file NaN: three quarters of the voxels of mode 0, half of
# those of modes 1 and 6. Label volumes are of these modes, and many tomograms are int16.
#
# Seen on Node 20.20, Linux x64, for 64 voxels with values 1 to 64. Fails when any value comes out right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent 3dmol@2.5.5
cat >finding.cjs <<'JS'
// The little of a browser that the library asks for while it loads.
globalThis.window = globalThis.self = globalThis;
globalThis.document = {
  createElement: () => ({ getContext: () => null, style: {} }),
  getElementsByClassName: () => [],
  querySelectorAll: () => [],
  addEventListener() {},
  head: { appendChild() {} },
};
if (globalThis.navigator === undefined) globalThis.navigator = { userAgent: "node" };
const { VolumeData } = require("3dmol/build/3Dmol.js");

/** A map of 4 x 4 x 4 voxels with the values 1 to 64. */
function map(mode, Values) {
  const values = Values.from({ length: 64 }, (_, i) => i + 1);
  const bytes = new Uint8Array(1024 + values.byteLength);
  const view = new DataView(bytes.buffer);
  [4, 4, 4, mode, 0, 0, 0, 4, 4, 4].forEach((value, i) => view.setInt32(4 * i, value, true));
  [40, 40, 40, 90, 90, 90].forEach((value, i) => view.setFloat32(40 + 4 * i, value, true));
  [1, 2, 3].forEach((value, i) => view.setInt32(64 + 4 * i, value, true));
  [1, 64, 32.5].forEach((value, i) => view.setFloat32(76 + 4 * i, value, true));
  view.setInt32(88, 1, true);
  view.setInt32(108, 20140, true);
  bytes.set([..."MAP DD"].map((letter) => letter.charCodeAt(0)), 208);
  view.setFloat32(216, 18.5, true);
  bytes.set(new Uint8Array(values.buffer), 1024);
  return bytes.buffer;
}
const right = (mode, Values) => {
  const { data } = new VolumeData(map(mode, Values), "ccp4");
  const count = [...data].filter((value) => Number.isInteger(value) && value >= 1 && value <= 64).length;
  console.log(`mode ${mode}: ${count} of ${data.length} voxels right, ${[...data].filter(Number.isNaN).length} NaN`);
  return count;
};
const counts = [right(2, Float32Array), right(0, Int8Array), right(1, Int16Array), right(6, Uint16Array)];
process.exit(counts.join() === "64,0,0,0" ? 0 : 1);
JS
node finding.cjs
