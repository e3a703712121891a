import { type DecodeOptions, type EncodeOptions, type ParticleCodec, textOf, voxelList } from "../model/codec.js";
import type { Particle, ParticleList } from "../model/particle-list.js";
import { decimalText, positionsInVoxels, scaled, voxelSizeToRead } from "../model/placement.js";
import { numberTable } from "../model/rows.js";

/** crYOLO's and TomoTwin's `.coords`: x y z of the centre in voxels, the first voxel being 0. */
export const coordsCodec: ParticleCodec = {
  label: ".coords list",
  fileName: /\.coords$/i,
  holds: { orientation: false, score: false, classes: "one", tomograms: "one", extra: false, nothing: false },
  inVoxels: true,
  decode: decodeCoords,
  encode: encodeCoords,
};

function decodeCoords(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const voxelSize = voxelSizeToRead(options, options.name);
  const { rows, warnings } = numberTable(textOf(bytes), { name: options.name, minimumColumns: 3 });
  const scored = rows.every((row) => row.length === 4 && row[3] >= 0 && row[3] <= 1);
  const particles = rows.map(
    ([x, y, z, score]): Particle => ({
      positionAngstrom: scaled({ x, y, z }, voxelSize),
      ...(scored && { score }),
      extra: {},
    }),
  );
  const further = scored
    ? ["the fourth column is taken as the score"]
    : rows.some((row) => row.length > 3)
      ? ["columns after x, y and z are left out"]
      : [];
  return voxelList(particles, voxelSize, [...warnings, ...further]);
}

function encodeCoords(list: ParticleList, options: EncodeOptions): string {
  return positionsInVoxels(list, options)
    .map(({ x, y, z }) => `${decimalText(x)} ${decimalText(y)} ${decimalText(z)}\n`)
    .join("");
}
