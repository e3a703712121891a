import { FormatError } from "../../../errors.js";
import { emHeaderOf, readEm } from "../../volumes/em/read.js";
import { writeEm } from "../../volumes/em/write.js";
import type { DecodeOptions, EncodeOptions, ParticleCodec } from "../model/codec.js";
import type { ParticleList } from "../model/particle-list.js";
import { MOTL_EXTRA, type MotlRow, motlOfParticles, particlesOfMotl } from "./motl.js";

const VALUES = 20;

/** Where each field lies among a particle's twenty numbers (from 0). */
const PLACES = {
  score: 0,
  subtomogram: 3,
  tomogram: 4,
  object: 5,
  x: 7,
  y: 8,
  z: 9,
  shiftX: 10,
  shiftY: 11,
  shiftZ: 12,
  phi: 16,
  psi: 17,
  theta: 18,
  class: 19,
} as const satisfies Record<keyof MotlRow, number>;

/**
 * The motive list of TOM, AV3 and STOPGAP as an .em file of 20 x particles x 1 numbers.
 * Source: the AV3 and TOM toolboxes' description of the twenty values; PyTom, ArtiaX and copick count from 1 likewise.
 */
export const motlEmCodec: ParticleCodec = {
  label: "motive list (.em)",
  fileName: /\.em$/i,
  holds: { orientation: true, score: true, classes: "number", tomograms: "number", extra: MOTL_EXTRA },
  inVoxels: true,
  decode: decodeMotl,
  encode: encodeMotl,
};

/** Whether an .em file is a motive list: no volume has 20 columns and one section. */
export function looksLikeMotl(bytes: Uint8Array, byteLength = bytes.byteLength): boolean {
  const [nz, , nx] = emHeaderOf(bytes, byteLength)?.shape ?? [0, 0, 0];
  return nz === 1 && nx === VALUES;
}

function decodeMotl(bytes: Uint8Array, options: DecodeOptions): ParticleList {
  const { volume, header } = readEm(bytes, { name: options.name });
  const [nz, count, nx] = header.shape;
  if (nz !== 1 || nx !== VALUES)
    throw new FormatError(
      `a motive list has 20 x particles x 1 numbers, this file ${nx} x ${count} x ${nz}`,
      options.name,
    );
  const fields = Object.entries(PLACES) as [keyof MotlRow, number][];
  const rows = Array.from({ length: count }, (_, index) => {
    const row: Partial<Record<keyof MotlRow, number>> = {};
    for (const [field, place] of fields) row[field] = volume.data[VALUES * index + place];
    return row as MotlRow; // every field is in PLACES
  });
  return particlesOfMotl(rows, options);
}

function encodeMotl(list: ParticleList, options: EncodeOptions): Uint8Array {
  const rows = motlOfParticles(list, options);
  const data = new Float32Array(VALUES * rows.length);
  for (const [index, row] of rows.entries())
    for (const [field, place] of Object.entries(PLACES) as [keyof MotlRow, number][])
      data[VALUES * index + place] = row[field];
  return writeEm({ data, shape: [1, rows.length, VALUES], voxelSizeAngstrom: Number.NaN });
}
