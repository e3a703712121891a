import type { Steps } from "../../steps.js";
import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import { NO_EXTRA, type Particle, type ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";
import { numberTable } from "../model/rows.js";

const NAME = /\.coords$/i;

/** crYOLO's and TomoTwin's `.coords`: x y z of the centre in voxels, the first voxel being 0. */
export const coordsCodec: ParticleCodec = {
  label: ".coords list",
  fileName: NAME,
  holds: { orientation: false, score: false, classes: "one", tomograms: "one", extra: false, nothing: false },
  inVoxels: true,
  assumption: (fileName) =>
    NAME.test(fileName.replace(/\.gz$/i, ""))
      ? undefined
      : "three columns of numbers are taken as x, y, z in voxels, the first being 0; --from imod-points takes them as IMOD's points",
  decode: decodeCoords,
  encode: encodeCoords,
};

function* decodeCoords(bytes: Uint8Array, options: DecodeOptions): Steps<ParticleList> {
  const voxelSize = voxelSizeToRead(options, options.name);
  const { rowCount, columnCount, at, warnings } = yield* numberTable(textOf(bytes), {
    name: options.name,
    minimumColumns: 3,
  });
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const scored = columnCount === 4 && rows.every((row) => at(row, 3) >= 0 && at(row, 3) <= 1);
  const particles = rows.map(
    (row): Particle => ({
      positionAngstrom: scaled({ x: at(row, 0), y: at(row, 1), z: at(row, 2) }, voxelSize),
      ...(scored && { score: at(row, 3) }),
      extra: NO_EXTRA,
    }),
  );
  const further = scored
    ? ["the fourth column is taken as the score"]
    : columnCount > 3
      ? ["columns after x, y and z are left out"]
      : [];
  return voxelList(particles, voxelSize, [...warnings, ...further]);
}

function encodeCoords(list: ParticleList, options: EncodeOptions): string {
  return positionsInVoxels(list, options)
    .map(({ x, y, z }) => `${decimalText(x)} ${decimalText(y)} ${decimalText(z)}\n`)
    .join("");
}
