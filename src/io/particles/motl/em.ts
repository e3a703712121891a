import { FormatError } from "../../../errors.js";
import { emHeaderOf, readEm } from "../../volumes/em/read.js";
import { writeEm } from "../../volumes/em/write.js";
import type { DecodeOptions, EncodeOptions, ParticleCodec } from "../model/codec.js";
import type { ParticleList } from "../model/particle-list.js";
import { MOTL_FIELDS, MOTL_HOLDS, type MotlField, motlOfParticles, particlesOfMotl } from "./motl.js";

const VALUES = 20;

/**
 * The motivelist of TOM, AV3 and STOPGAP as an .em file of 20 x particles x 1 numbers; PyTom, ArtiaX and copick count voxels
 * from 1 likewise.
 */
export const motlEmCodec: ParticleCodec = {
  label: "motivelist (.em)",
  fileName: /\.em$/i,
  holds: { ...MOTL_HOLDS, nothing: false },
  inVoxels: true,
  decode: decodeMotl,
  encode: encodeMotl,
};

/** Whether an .em file is a motivelist: no volume has 20 columns and one section. */
export function looksLikeMotl(bytes: Uint8Array, byteLength = bytes.byteLength): boolean {
  const [nz, , nx] = emHeaderOf(bytes, byteLength)?.shape ?? [0, 0, 0];
  return nz === 1 && nx === VALUES;
}

function decodeMotl(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { data, shape } = readEm(bytes, { name: options.name }).volume;
  const [nz, count, nx] = shape;
  if (nz !== 1 || nx !== VALUES)
    throw new FormatError(
      `a motivelist has 20 x particles x 1 numbers, this file ${nx} x ${count} x ${nz}`,
      options.name,
    );
  return particlesOfMotl(count, (field, row) => data[VALUES * row + MOTL_FIELDS[field].index], options);
}

function encodeMotl(list: ParticleList, options: EncodeOptions): Uint8Array {
  const rows = motlOfParticles(list, options);
  const data = new Float32Array(VALUES * rows.length);
  for (const [index, row] of rows.entries())
    for (const field of Object.keys(MOTL_FIELDS) as MotlField[])
      data[VALUES * index + MOTL_FIELDS[field].index] = row[field];
  return writeEm({ data, shape: [1, rows.length, VALUES], voxelSizeAngstrom: Number.NaN });
}
