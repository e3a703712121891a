#!/usr/bin/env bash
# RELION 3.1.3 (Debian): `relion_image_handler --stats` does not see the least voxel of a map where it comes first, and of any voxel that is
# larger than all before it: a value is compared with the minimum only if it is no new maximum. A map of 64 voxels, the first -7 and the
# others 5, has "minval= 5"; with the -7 second, it is found. A map whose values rise from the first to the last voxel has the minimum
# 1.79769e+308, the largest number there is. Mean and deviation are right, and so are the headers of the maps that RELION writes.
#
# Seen on Debian 12, amd64. Fails when the minimum comes out right.
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
cat >write.cjs <<'JS'
const { writeFileSync } = require("node:fs");

/** A map of 4 x 4 x 4 floats. */
function map(name, valueAt) {
  const bytes = Buffer.alloc(1024 + 256);
  [4, 4, 4, 2, 0, 0, 0, 4, 4, 4].forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  [4, 4, 4, 90, 90, 90].forEach((value, i) => bytes.writeFloatLE(value, 40 + 4 * i));
  [1, 2, 3].forEach((value, i) => bytes.writeInt32LE(value, 64 + 4 * i));
  bytes.write("MAP DD", 208, "latin1");
  for (let i = 0; i < 64; i++) bytes.writeFloatLE(valueAt(i), 1024 + 4 * i);
  writeFileSync(name, bytes);
}
map("least-first.mrc", (i) => (i === 0 ? -7 : 5));
map("least-second.mrc", (i) => (i === 1 ? -7 : 5));
map("rising.mrc", (i) => i);
JS
node write.cjs
minimum() {
  relion_image_handler --i "$1" --stats --angpix 1 | sed -n 's/.*minval= *\([^ ]*\).*/\1/p'
}
first=$(minimum least-first.mrc) second=$(minimum least-second.mrc) rising=$(minimum rising.mrc)
echo "least voxel -7: minimum $first where it is the first, $second where it is the second; 0, 1, ... 63: minimum $rising"
[ "$first" = 5 ] && [ "$second" = -7 ] && [ "$rising" = 1.79769e+308 ]
