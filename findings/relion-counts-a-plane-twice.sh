#!/usr/bin/env bash
# RELION 3.1.3 (Debian): the Fourier shell correlation of `relion_postprocess` counts the frequencies of the plane kx = 0 twice. It sums over
# the half of the spectrum that a transform of real numbers gives, and that half holds both a frequency and its mirror image in this one plane.
# So the FSC of two half maps depends on which axis is called x: with x and z exchanged in both, the same pair has another FSC, by up to 0.02 in
# boxes of 24 voxels (less in larger ones). Summed over whole shells it is the same, and between the two.
#
# Seen on Debian 12, amd64. Fails when exchanging axes no longer changes the FSC.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=$(apt-get install --simulate --no-install-recommends relion=3.1.3-3+b1 | awk '/^Inst/ { print $2 }')
for package in relion=3.1.3-3+b1 $packages; do apt-get download -qq "$package" 2>/dev/null; done
for package in ./*.deb; do dpkg -x "$package" .; done
export PATH="$folder/usr/bin:$PATH" LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu:$folder/usr/lib"
relion_postprocess --version | sed -n 1p
cat >write.cjs <<'JS'
const { writeFileSync } = require("node:fs");
const N = 24;

/** A map of N^3 floats of 10 Å. */
function write(name, valueAt) {
  const bytes = Buffer.alloc(1024 + 4 * N ** 3);
  [N, N, N, 2, 0, 0, 0, N, N, N].forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  [10 * N, 10 * N, 10 * N, 90, 90, 90].forEach((value, i) => bytes.writeFloatLE(value, 40 + 4 * i));
  [1, 2, 3].forEach((value, i) => bytes.writeInt32LE(value, 64 + 4 * i));
  bytes.write("MAP DD", 208, "latin1");
  let at = 1024;
  for (let z = 0; z < N; z++)
    for (let y = 0; y < N; y++) for (let x = 0; x < N; x++, at += 4) bytes.writeFloatLE(valueAt(x, y, z), at);
  writeFileSync(name, bytes);
}

/** Numbers of mean 0 that depend on the seed alone. */
function noiseOf(seed) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const values = Float64Array.from({ length: N ** 3 }, () => next() + next() + next() + next() - 2);
  return (x, y, z) => values[(z * N + y) * N + x];
}
const places = [[16, 12, 12], [10, 15, 12], [12, 11, 8]];
const signal = (x, y, z) =>
  places.reduce((sum, [a, b, c]) => sum + 5 * Math.exp(-((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2) / 3), 0);
for (const half of [1, 2]) {
  const noise = noiseOf(half);
  const value = (x, y, z) => signal(x, y, z) + noise(x, y, z);
  write(`given_half${half}_class001_unfil.mrc`, value);
  write(`exchanged_half${half}_class001_unfil.mrc`, (x, y, z) => value(z, y, x));
}
write("mask.mrc", () => 1);
JS
node write.cjs
mkdir out
curve() { # the unmasked FSC of shells 1 to 12
  relion_postprocess --i "$1_half1_class001_unfil.mrc" --mask mask.mrc --o "out/$1" --angpix 10 --skip_fsc_weighting --force_mask >log 2>&1 || { cat log; exit 1; }
  awk 'NF == 8 && $1 ~ /^[1-9][0-9]*$/ { printf "%s ", $6 }' "out/$1.star"
}
given=$(curve given)
exchanged=$(curve exchanged)
echo "FSC as given:             $given"
echo "FSC with x, z exchanged:  $exchanged"
[ -n "$given" ] && [ "$given" != "$exchanged" ]
