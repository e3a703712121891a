#!/usr/bin/env bash
# RELION 3.1.3 (Debian): `relion_image_handler --lowpass` (and `--highpass`, `--bfactor`) of a tomogram, as wide as it is high but thinner, filters the
# wrong frequencies. Sizes are compared in x and y alone (where these differ it refuses: "filtering of non-cube maps is not implemented"), and the rest
# counts frequencies along z as if z were as long as x. Where z is half of x or less, all negative ones are taken for high ones. So of two waves of the same
# length one survives and its mirror image is wiped out: a round particle comes out as a slanted disc. White noise of 128 x 128 x 32 voxels correlates
# at 0.48 with what a low-pass filter at a quarter of the sampling rate leaves of it. There is no warning. Cubes are right; pad a tomogram to one first.
#
# Seen on Debian 12, amd64: waves of 28.6 Å in 64 x 64 x 16 voxels of 4 Å, filtered at 20 Å. Fails when both waves pass.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=$(apt-get install --simulate --no-install-recommends relion=3.1.3-3+b1 | awk '/^Inst/ { print $2 }')
for package in relion=3.1.3-3+b1 $packages; do apt-get download -qq "$package" 2>/dev/null; done
for package in ./*.deb; do dpkg -x "$package" .; done
export PATH="$folder/usr/bin:$PATH" LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu:$folder/usr/lib"
relion_image_handler --version | sed -n 1p
cat >waves.cjs <<'JS'
const { execFileSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const [N, VOXEL, WAVES_X] = [64, 4, 4];

/** A wave through N x N x depth voxels, with as many periods along x and z. */
function write(name, depth, wavesZ) {
  const bytes = Buffer.alloc(1024 + 4 * N * N * depth);
  [N, N, depth, 2, 0, 0, 0, N, N, depth].forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  [VOXEL * N, VOXEL * N, VOXEL * depth, 90, 90, 90].forEach((value, i) => bytes.writeFloatLE(value, 40 + 4 * i));
  [1, 2, 3].forEach((value, i) => bytes.writeInt32LE(value, 64 + 4 * i));
  bytes.write("MAP DD", 208, "latin1");
  let at = 1024;
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < N; y++)
      for (let x = 0; x < N; x++, at += 4)
        bytes.writeFloatLE(Math.cos(2 * Math.PI * ((WAVES_X * x) / N + (wavesZ * z) / depth)), at);
  writeFileSync(name, bytes);
}

/** Root mean square of a map's voxels. */
function strength(name) {
  const bytes = readFileSync(name);
  const count = (bytes.length - 1024) / 4;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += bytes.readFloatLE(1024 + 4 * i) ** 2;
  return Math.sqrt(sum / count);
}
const left = [];
for (const [depth, wavesZ] of [[16, 2], [16, -2], [64, 8], [64, -8]]) {
  write("wave.mrc", depth, wavesZ);
  execFileSync("relion_image_handler", ["--i", "wave.mrc", "--o", "out.mrc", "--lowpass", "20", "--angpix", `${VOXEL}`]);
  const length = VOXEL / Math.hypot(WAVES_X / N, wavesZ / depth);
  left.push(strength("out.mrc") / strength("wave.mrc"));
  const tilt = wavesZ > 0 ? "one way" : "the other way";
  console.log(`${N} x ${N} x ${depth}: of a wave of ${length.toFixed(1)} Å tilted ${tilt}, ${left.at(-1).toFixed(3)} is left`);
}
const [oneWay, otherWay, ...cube] = left;
process.exit(oneWay > 0.999 && otherWay < 0.001 && cube.every((part) => part > 0.999) ? 0 : 1);
JS
node waves.cjs
