#!/usr/bin/env bash
# 3Dmol 2.5.5: VolumeData takes the ORIGIN of an MRC2014 map, which is in Å, for a number of voxels (it adds it to NXSTART, and scales the sum by
# the voxel size). There is no error; the map stands at its origin times the voxel size, away from the model it belongs to: one of 2 Å voxels
# with its origin at 30, 40, 50 Å at 60, 80, 100 Å. The origin is right where voxels are 1 Å.
#
# Seen on Node 20.20, Linux x64. Fails when the origin of the map of 2 Å comes out right.
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

/** A map of 4 x 4 x 4 float32 voxels whose first voxel is at 30, 40, 50 Å. */
function map(voxelSizeAngstrom) {
  const bytes = new Uint8Array(1024 + 4 * 64);
  const view = new DataView(bytes.buffer);
  const edge = 4 * voxelSizeAngstrom;
  [4, 4, 4, 2, 0, 0, 0, 4, 4, 4].forEach((value, i) => view.setInt32(4 * i, value, true));
  [edge, edge, edge, 90, 90, 90].forEach((value, i) => view.setFloat32(40 + 4 * i, value, true));
  [1, 2, 3].forEach((value, i) => view.setInt32(64 + 4 * i, value, true));
  view.setInt32(88, 1, true);
  view.setInt32(108, 20140, true);
  [30, 40, 50].forEach((value, i) => view.setFloat32(196 + 4 * i, value, true));
  bytes.set([..."MAP DD"].map((letter) => letter.charCodeAt(0)), 208);
  return bytes.buffer;
}
const places = [1, 2].map((voxelSizeAngstrom) => {
  const { matrix } = new VolumeData(map(voxelSizeAngstrom), "ccp4");
  const place = [...matrix.elements.slice(12, 15)].join(", ");
  console.log(`voxels of ${voxelSizeAngstrom} Å, origin 30, 40, 50 Å: shown at ${place} Å`);
  return place;
});
process.exit(places.join("; ") === "30, 40, 50; 60, 80, 100" ? 0 : 1);
JS
node finding.cjs
