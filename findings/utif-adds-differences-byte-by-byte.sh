#!/usr/bin/env bash
# UTIF 3.1.0: numbers of 32 bits that a TIFF holds as differences between neighbours (Predictor) come out as others, without an error. Differences of whole
# numbers (2) are added up byte by byte, with no carry from one byte into the next, so that a row is wrong from where it first falls: of the labels
# 1 5 3 3 70000 2 the third becomes 4294967043. The floating-point kind (3), which tifffile and GDAL write of float32 when asked for a predictor, is not
# undone at all: 1, 2, 3 become 1.7e38, -5.8e-39, 1.2e38. Bytes and 16 bits are right, which is why it is not noticed. Label volumes and maps of
# probabilities are compressed so; save them without a predictor where they may be read by UTIF.
#
# Seen on Node 20.20, Linux x64; geotiff 3.0.5 reads the same files right. Fails when any of it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent utif@3.1.0 geotiff@3.0.5
cat >finding.mjs <<'JS'
import { deflateSync } from "node:zlib";
import { fromArrayBuffer } from "geotiff";
import UTIF from "utif";

/** The bytes of one row, each value as its difference from the one before. */
function differences(values) {
  return Uint8Array.from(new Uint8Array(values.map((value, i) => value - (i ? values[i - 1] : 0)).buffer));
}

/** The bytes of one row of float32, the most significant of all values first, each as its difference from the one before. */
function floatDifferences(values) {
  const bytes = new Uint8Array(values.buffer);
  const planes = Uint8Array.from(bytes, (_, i) => bytes[4 * (i % values.length) + 3 - Math.floor(i / values.length)]);
  return planes.map((byte, i) => byte - (i ? planes[i - 1] : 0));
}

/** A little-endian TIFF of one row. */
function tiff(values, format, predictor) {
  const encode = { 1: (row) => new Uint8Array(row.buffer), 2: differences, 3: floatDifferences }[predictor];
  const content = deflateSync(encode(values));
  const tags = [[256, values.length], [257, 1], [258, 8 * values.BYTES_PER_ELEMENT], [259, 8], [262, 1], [273, 142]];
  tags.push([277, 1], [278, 1], [279, content.length], [317, predictor], [339, format]);
  const view = new DataView(new ArrayBuffer(142 + content.length));
  [0x4949, 42].forEach((value, i) => view.setUint16(2 * i, value, true));
  view.setUint32(4, 8, true);
  view.setUint16(8, tags.length, true);
  tags.forEach(([tag, value], i) => {
    view.setUint16(10 + 12 * i, tag, true);
    view.setUint16(12 + 12 * i, 4, true);
    view.setUint32(14 + 12 * i, 1, true);
    view.setUint32(18 + 12 * i, value, true);
  });
  new Uint8Array(view.buffer).set(content, 142);
  return view.buffer;
}
const labels = [1, 5, 3, 3, 70000, 2];
const cases = [
  ["uint16, differences", Uint16Array.from([1, 5, 3, 3, 7000, 2]), 1, 2],
  ["uint32, no predictor", Uint32Array.from(labels), 1, 1],
  ["uint32, differences", Uint32Array.from(labels), 1, 2],
  ["float32, no predictor", Float32Array.from([1, 2, 3, -1, 0.5, 8]), 3, 1],
  ["float32, differences", Float32Array.from([1, 2, 3, -1, 0.5, 8]), 3, 3],
];
const right = [];
for (const [name, values, format, predictor] of cases) {
  const file = tiff(values, format, predictor);
  const [image] = UTIF.decode(file);
  UTIF.decodeImage(file, image);
  const read = [...new values.constructor(Uint8Array.from(image.data).buffer)];
  const raster = await (await (await fromArrayBuffer(file)).getImage()).readRasters();
  right.push(read.join() === values.join(), raster[0].join() === values.join());
  console.log(`${name}: ${values.join(" ")}: UTIF ${read.join(" ")}; geotiff ${raster[0].join(" ")}`);
}
process.exit(right.join() === "true,true,true,true,false,true,true,true,false,true" ? 0 : 1);
JS
node finding.mjs
