#!/usr/bin/env bash
# RELION 3.1.3 (Debian): `relion_star_handler --remove_duplicates` takes away every particle that has a later one nearby, whether that one is kept or not.
# So of a row of particles each of which is near the next only the last is left, however long the row: 1 of 100 that stand 40 Å apart, with a distance
# of 50 Å, where leaving out every other one is enough. Of a ring of 62 and of a sheet of 10 x 10 also 1 is left. Points along filaments,
# membranes and lattices are picked too densely on purpose, to be thinned after alignment. What is left depends on the order of the list: of the row in a
# random order 30. Scores are not looked at. Thin a list by another program.
#
# Seen on Debian 12, amd64. Fails when more than one of the row, the ring or the sheet is left.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=$(apt-get install --simulate --no-install-recommends relion=3.1.3-3+b1 | awk '/^Inst/ { print $2 }')
for package in relion=3.1.3-3+b1 $packages; do apt-get download -qq "$package" 2>/dev/null; done
for package in ./*.deb; do dpkg -x "$package" .; done
export PATH="$folder/usr/bin:$PATH" LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu:$folder/usr/lib"
relion_star_handler --version | sed -n 1p
cat >thin.cjs <<'JS'
const { execFileSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const [VOXEL_ANGSTROM, DISTANCE_ANGSTROM] = [4, 50];

const table = (name, columns, rows) =>
  `\n# version 30001\n\ndata_${name}\n\nloop_\n${columns.map((column, i) => `_rln${column} #${i + 1}\n`).join("")}${rows.map((row) => `${row.join(" ")}\n`).join("")}\n`;
const optics = table(
  "optics",
  ["OpticsGroupName", "OpticsGroup", "Voltage", "SphericalAberration", "AmplitudeContrast", "ImagePixelSize", "ImageSize", "ImageDimensionality"],
  [["opticsGroup1", 1, 300, 2.7, 0.1, VOXEL_ANGSTROM, 64, 3]],
);
const columns = ["MicrographName", "CoordinateX", "CoordinateY", "CoordinateZ", "ImageName", "OpticsGroup"];
columns.push("OriginXAngst", "OriginYAngst", "OriginZAngst");

/** How many of the points, in voxels, RELION leaves. */
function left(points) {
  const rows = points.map((point, i) => ["TS_01", ...point, `${i + 1}.mrc`, 1, 0, 0, 0]);
  writeFileSync("in.star", optics + table("particles", columns, rows));
  execFileSync("relion_star_handler", ["--i", "in.star", "--o", "out.star", "--remove_duplicates", `${DISTANCE_ANGSTROM}`]);
  return readFileSync("out.star", "utf8").match(/^ *TS_01 /gm).length;
}

/** How many are left when only those go that are near one that stays. */
function enough(points) {
  const kept = [];
  for (const point of points) {
    const isNear = (other) => VOXEL_ANGSTROM * Math.hypot(...point.map((value, i) => value - other[i])) < DISTANCE_ANGSTROM;
    if (!kept.some(isNear)) kept.push(point);
  }
  return kept.length;
}
const places = (count, pointAt) => Array.from({ length: count }, (_, i) => pointAt(i));
const shapes = {
  "row of 100": places(100, (i) => [100 + 10 * i, 100, 100]),
  "ring of 62": places(62, (i) => [300 + 100 * Math.cos((2 * Math.PI * i) / 62), 300 + 100 * Math.sin((2 * Math.PI * i) / 62), 100]),
  "sheet of 10 x 10": places(100, (i) => [100 + 10 * (i % 10), 100 + 10 * Math.floor(i / 10), 100]),
};
const counts = Object.entries(shapes).map(([name, points]) => {
  const count = left(points);
  console.log(`${name}, neighbours 40 Å apart, distance ${DISTANCE_ANGSTROM} Å: ${count} left, ${enough(points)} without a near neighbour can be`);
  return count;
});
let state = 1;
const shuffled = shapes["row of 100"]
  .map((point) => ({ point, key: (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) }))
  .sort((a, b) => a.key - b.key)
  .map(({ point }) => point);
console.log(`the same row in a random order: ${left(shuffled)} left, ${enough(shuffled)} can be`);
process.exit(counts.join() === "1,1,1" && left(shuffled) > 20 ? 0 : 1);
JS
node thin.cjs
