#!/usr/bin/env bash
# @itk-wasm/image-io 1.6.1 (the readers of ITK, as web viewers use them): an MRC2014 map whose NXSTART, NYSTART or NZSTART is not smaller than
# the number of voxels along that axis is refused ("Some header data does not have sensable values"), although the standard sets no such bound and maps
# cut out of larger ones, as the EMDB holds them by the hundred, state where they were cut: a box of 4 voxels from voxel 10 on. The same bytes with
# a start of 0, or of 3, are read.
#
# Seen on Node 20.20, Linux x64. Fails when the map is read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent @itk-wasm/image-io@1.6.1
cat >finding.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { readImageNode } from "@itk-wasm/image-io";

/** A map of 4 x 4 x 4 float32 voxels of 10 Å that starts at voxel `start` of its cell along y. */
function map(start) {
  const bytes = new Uint8Array(1024 + 4 * 64);
  const view = new DataView(bytes.buffer);
  [4, 4, 4, 2, 0, start, 0, 20, 20, 20].forEach((value, i) => view.setInt32(4 * i, value, true));
  [200, 200, 200, 90, 90, 90].forEach((value, i) => view.setFloat32(40 + 4 * i, value, true));
  [1, 2, 3].forEach((value, i) => view.setInt32(64 + 4 * i, value, true));
  [0, 63, 31.5].forEach((value, i) => view.setFloat32(76 + 4 * i, value, true));
  view.setInt32(88, 1, true);
  view.setInt32(108, 20140, true);
  bytes.set([..."MAP DD"].map((letter) => letter.charCodeAt(0)), 208);
  view.setFloat32(216, 18.5, true);
  for (let i = 0; i < 64; i++) view.setFloat32(1024 + 4 * i, i, true);
  return bytes;
}
const answers = [];
for (const start of [0, 3, 10]) {
  writeFileSync("map.mrc", map(start));
  answers.push(await readImageNode("map.mrc").then(({ size }) => `read as ${size.join(" x ")}`, () => "refused"));
  console.log(`4 voxels along y from voxel ${start} on: ${answers.at(-1)}`);
}
process.exit(answers.join() === "read as 4 x 4 x 4,read as 4 x 4 x 4,refused" ? 0 : 1);
JS
node finding.mjs 2>/dev/null
